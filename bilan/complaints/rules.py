"""Pure rules of complaints: whose they may be, and who may be a robot."""

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

LINKS = {
    "agent": "Je fais, ou j’ai fait, un bilan professionnel",
    "employer": "Je travaille dans une collectivité qui prescrit des bilans",
    "relative": "J’aide une personne qui fait un bilan",
    "other": "Autre",
}
MINIMUM_SECONDS = 3
MAXIMUM_SECONDS = 24 * 3600
SALT = "complaint-form"


class FormTooFast(Exception):
    """Sent sooner than a person can read the form."""


class FormNotOurs(Exception):
    """The proof is missing, forged or a day old."""


def sign_form(secret: str, submission: str) -> str:
    """Return the proof that this form, with its number, was shown now."""
    return URLSafeTimedSerializer(secret, salt=SALT).dumps(submission)


def read_proof(secret: str, proof: str, *, moment: float) -> str:
    """Return the form's number; raise FormNotOurs or FormTooFast. `moment` is in seconds since 1970."""
    try:
        submission, shown_at = URLSafeTimedSerializer(secret, salt=SALT).loads(proof, max_age=MAXIMUM_SECONDS, return_timestamp=True)
    except (BadSignature, SignatureExpired):
        raise FormNotOurs from None
    if moment - shown_at.timestamp() < MINIMUM_SECONDS:
        raise FormTooFast
    return submission
