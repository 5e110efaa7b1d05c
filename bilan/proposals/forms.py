"""The agent's answer to a proposal."""

from wtforms import BooleanField

from bilan.fields import Form, text_field

WISHES_MAX = 4000


class WishesForm(Form):
    """What the agent hopes of the bilan, in her own words."""

    wishes = text_field("Ce que vous attendez du bilan", maximum=WISHES_MAX)
    needs = BooleanField("J’ai un besoin particulier pour venir, lire ou écrire")
