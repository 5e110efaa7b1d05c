"""Forms of access."""

from bilan.fields import Form, line_field


class CodeForm(Form):
    """Asks for the code that the application shows."""

    code = line_field("Code à 6 chiffres", required="Indiquez le code que montre votre application.", maximum=20)


class RecoveryForm(Form):
    """Asks for a recovery code."""

    code = line_field("Code de secours", required="Indiquez un de vos codes de secours.", maximum=40)
