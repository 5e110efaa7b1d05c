"""Entry point: `app` for any WSGI server; `python app.py` serves it."""

from bilan import create_app
from bilan.preparation import prepare_for_another_server
from bilan.serving import serve

app = create_app()

if __name__ == "__main__":
    serve(app)
else:
    prepare_for_another_server(app)
