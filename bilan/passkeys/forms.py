"""Forms of passkeys."""

from wtforms import HiddenField

from bilan.fields import Form, line_field
from bilan.proof import ProofForm


class AnswerForm(Form):
    """Brings what a key answers: the script of the page writes it."""

    answer = HiddenField("Réponse de la clé")


class KeyForm(ProofForm):
    """Asks how a new key will be called, and brings its answer."""

    name = line_field("Nom de la clé", required="Donnez un nom à cette clé.", maximum=60)
    answer = HiddenField("Réponse de la clé")
