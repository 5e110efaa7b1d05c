"""A real OpenID Connect server on 127.0.0.1: oidc-provider-mock, behind a proxy that signs as ProConnect does, or lies.

The mock gives its userinfo as JSON and always tells the truth. Here each of its answers is signed again by a key of
the tests, userinfo included, after a test has twisted what it says or how it is signed.
"""

import base64
import contextlib
import hmac
import io
import json
import threading
import time
from urllib.parse import parse_qs, urlsplit

import requests
from joserfc import jws, jwt
from joserfc.jwk import RSAKey
from oidc_provider_mock import User
from oidc_provider_mock import app as make_mock
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

CLIENT, SECRET = "bilan-client", "bilan-secret-of-thirty-two-letters"
KEY, OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"}), RSAKey.generate_key(2048, {"kid": "one"})


def signed(claims, key=KEY, alg="RS256"):
    return jwt.encode({"alg": alg, "kid": "one"}, claims, key, algorithms=[alg])


def unsigned(claims):
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def signed_with_the_public_key(claims):
    """The classic confusion: the public key, which everybody has, taken as the secret of HS256."""
    text = f"{_part({'alg': 'HS256', 'kid': 'one'})}.{_part(claims)}"
    digest = hmac.digest(KEY.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _part(held):
    return base64.urlsafe_b64encode(json.dumps(held).encode()).rstrip(b"=").decode()


class Provider:
    """The server: who may sign in there, what it was asked, and what it is told to twist."""

    def __init__(self, users):
        mock = make_mock(user_claims=[User(sub=sub, claims={"email": email}) for sub, email in users.items()])
        mock.debug = False
        self.mock = mock.wsgi_app.app
        self.asked, self.given = [], []
        self.reset()

    def reset(self):
        self.claims, self.about, self.metadata = {}, {}, {}
        self.sign, self.sign_about, self.down = signed, signed, False
        self.kind_about = "application/jwt"

    def __call__(self, environ, start_response):
        request = Request(environ)
        request.get_data(parse_form_data=False)
        self.asked.append((request.path, request.args.to_dict(), request.form.to_dict()))
        if self.down:
            return Response("down", 503)(environ, start_response)
        answer = self._forward(request)
        return answer(environ, start_response)

    def _forward(self, request):
        environ = {**request.environ, "wsgi.input": io.BytesIO(request.get_data())}
        got = Response.from_app(self.mock, environ)
        if request.path.endswith("openid-configuration"):
            return self._json({**got.json, **self.metadata})
        if request.path == "/jwks":
            return self._json({"keys": [KEY.as_dict(private=False, use="sig", alg="RS256")]})
        if request.path == "/oauth2/token" and got.status_code == 200:
            said = jws.extract_compact(got.json["id_token"].encode()).payload
            self.given.append(self.sign(self._twisted(json.loads(said), self.claims)))
            return self._json({**got.json, "id_token": self.given[-1]})
        if request.path == "/userinfo" and got.status_code == 200:
            issued = {"iss": request.host_url.rstrip("/"), "aud": CLIENT, "iat": int(time.time()), "exp": int(time.time()) + 60}
            raw = self.sign_about(self._twisted({**got.json, **issued}, self.about))
            return Response(raw, content_type=self.kind_about)
        return Response(got.get_data(), got.status_code, headers=[(k, v) for k, v in got.headers if k in ("Location", "Content-Type")])

    def _json(self, held):
        return Response(json.dumps(held), content_type="application/json")

    def _twisted(self, claims, changes):
        claims = {**claims, **changes}
        return {name: value for name, value in claims.items() if value is not None}

    def sign_in(self, address, subject):
        """Press the button of the provider's page; return the path with which it sends back."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return "?".join(urlsplit(answer.headers["Location"])[2:4])


def query(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@contextlib.contextmanager
def running(users):
    """Serve the provider while the test lasts."""
    provider = Provider(users)
    server = make_server("127.0.0.1", 0, provider, threaded=True)
    provider.url = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
