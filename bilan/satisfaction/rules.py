"""Pure rules of the surveys: who is asked what and when, the personal address, the quarter of an answer."""

import datetime

from itsdangerous import BadSignature, URLSafeSerializer

# The surveys, by the slug of their file.
AT_CLOSING, MONTHS_LATER, OFFICER, COUNSELLOR = "beneficiaire", "six-mois", "service-rh", "conseiller"
# A reminder after so many days without an answer.
REMINDER_DAYS = (7, 21)
# Days during which a survey may be answered.
OPEN_DAYS = 60
# Whoever prescribes or accompanies several bilans is asked again after so many days.
PAUSE_DAYS = 90
# A survey that was not asked in its time is not asked much later.
WINDOW_DAYS = 60
SALT = "survey"


def sign(secret: str, invitation_id: str) -> str:
    """Return the token of an invitation: the same in each of its e-mails, kept nowhere."""
    return URLSafeSerializer(secret, salt=SALT).dumps(invitation_id)


def read_token(secret: str, token: str) -> str | None:
    """Return the invitation of a token, None when it was not given by us."""
    try:
        found = URLSafeSerializer(secret, salt=SALT).loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, str) else None


def quarter_of(day: datetime.date) -> datetime.date:
    """Return the first day of the quarter of a day: the only date that an answer keeps."""
    return datetime.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def reminders_due(asked_on: datetime.date, today: datetime.date) -> int:
    """Return how many reminders should have been sent by that day; none once the survey is closed."""
    age = (today - asked_on).days
    return 0 if age >= OPEN_DAYS else sum(age >= days for days in REMINDER_DAYS)
