"""Each check of checks.js finds what is planted, and nothing in a page that is right."""

import pytest
from browser.checks import names, run, run_keyboard

pytestmark = pytest.mark.browser
# A page that is right, as far as the checks look.
GOOD = """<!doctype html><html lang="fr"><head><title>Le titre – Bilan</title><style>
  body {{ margin: 0; font: 18px sans-serif; }} main {{ display: grid; gap: 1rem; }} button, input, summary {{ min-height: 44px; min-width: 44px; }}
  :focus-visible {{ outline: 3px solid #000; }} .visually-hidden {{ position: absolute; width: 1px; height: 1px; overflow: hidden; }} {style}
</style></head><body><a href="#contenu">Aller au contenu</a><header><nav aria-label="Menu"></nav></header>
<main id="contenu" tabindex="-1"><h1>Le titre</h1>{planted}</main><footer>Pied</footer></body></html>"""
RIGHT = """<p>Un texte.</p><form><label for="n">Nom</label><input id="n" name="name" autocomplete="name" style-free><button>Envoyer</button></form>
<table><caption>Un tableau</caption><tr><th scope="col">A</th></tr><tr><td>1</td></tr></table><svg role="img" aria-label="Un dessin"></svg>
<fieldset><legend>Question</legend><input type="radio" name="q" id="r"><label for="r">Oui</label></fieldset><input type="date" aria-label="Jour">"""
# What is planted, and the style that goes with it.
PLANTED = {
    "reflow": ("<div class='large'>Large</div>", ".large { width: 1400px; }"),
    "clipped": ("<div class='cut'>Un texte que sa boîte coupe</div>", ".cut { width: 60px; height: 20px; overflow: hidden; }"),
    "text-spacing": (
        "<div class='tight'>Abcdefghijklm</div>",
        ".tight { width: 122px; height: 22px; overflow: hidden; white-space: nowrap; }",
    ),
    "target-size": ("<button>x</button><nav aria-label='Suite'><a href='/'>Accueil</a></nav>", "main button { min-height: 20px; }"),
    "reading-order": (
        "<div class='turned'><p>Premier</p><p>Second</p></div>",
        ".turned { display: flex; flex-direction: column-reverse; }",
    ),
    "title": ("<h1>Un second</h1>", ""),
    "language": ("<p>Un <em>feedback</em> par mois.</p>", ""),
    "tables": ("<table><tr><th>A</th></tr></table>", ""),
    "pictures": ("<svg><path d='M0 0h9'/></svg>", ""),
    "field-groups": ("<p>Question</p><input type='radio' name='q' aria-label='Oui'>", ""),
    "descriptions": ("<input aria-label='Mot' aria-invalid='true'><p aria-labelledby='personne'>?</p>", ""),
    "autocomplete": ("<input name='email' aria-label='Adresse e-mail'>", ""),
    "same-words": ("<ul><li><a href='/un'>Voir</a> <a href='/deux'>Voir</a></li></ul>", ""),
    "presentation": ("<center>Un texte</center>", ""),
    "css-words": ("<p class='said'></p>", ".said::before { content: 'Attention'; }"),
    "field-contrast": ("<input aria-label='Pâle' class='pale'>", ".pale { border: 1px solid #ddd; background: #fff; }"),
    "control": ("<a href='/' target='_blank'>Ailleurs</a>", ""),
    "navigation": ("<nav><a href='/'>Sans nom</a></nav>", ""),
    "lists": ("<p>• Un point</p>", ""),
}
AT_THE_KEYBOARD = {
    "focus-ring": ("<button>Sans anneau</button>", "main button:focus-visible { outline: none; }"),
    "focus-hidden": (
        "<p class='veil'>Voile</p><a href='/'>Dessous</a>",
        ".veil { position: fixed; inset: 0; margin: 0; background: #fff; }",
    ),
    "focus-order": ("<button>Un</button><button tabindex='2'>Deux</button>", ""),
    "focus-trap": ("<button id='sticky'>Reste</button><button>Après</button>", ""),
}
STICKY = "() => document.querySelector('#sticky')?.addEventListener('keydown', (event) => event.preventDefault())"


@pytest.fixture(scope="module")
def page(chromium):
    context = chromium.new_context(viewport={"width": 640, "height": 480})
    yield context.new_page()
    context.close()


def show(page, planted="", style=""):
    page.set_content(GOOD.format(planted=planted, style=style))
    page.evaluate(STICKY)
    return page


def test_a_page_that_is_right_has_no_fault(page):
    show(page, RIGHT)
    assert run(page, names(page)) == []
    assert run_keyboard(page) == []


def test_each_check_sees_what_is_planted(page):
    assert set(names(page)) == set(PLANTED), "a check without a planted fault, or the reverse"
    seen = {}
    for name, planted in PLANTED.items():
        show(page, *planted)
        seen[name] = run(page, [name])
    assert [name for name, faults in seen.items() if not faults] == []


def test_the_keyboard_sees_what_is_planted(page):
    for name, planted in AT_THE_KEYBOARD.items():
        show(page, *planted)
        assert name in {found for found, _ in run_keyboard(page)}, f"{name} is not seen"
