"""Each setting is checked at the start; a wrong one stops it with one sentence that names its variable."""

from dataclasses import fields

import pytest
from cryptography.fernet import Fernet

from bilan.settings import Settings, SettingsError, load

SECRET = "x" * 40
WRONG = [
    ("BILAN_DATABASE_URL", "mysql://base"),
    ("BILAN_DATABASE_URL", "/srv/bilan.db"),
    ("BILAN_KEYSTORE_URL", "redis://"),
    ("BILAN_PORT", "0"),
    ("BILAN_PORT", "70000"),
    ("BILAN_PORT", "huit mille"),
    ("BILAN_PORT", "8000.5"),
    ("BILAN_HOST", "127.0.0.1\n"),
    ("BILAN_BASE_URL", "bilan.exemple.fr"),
    ("BILAN_BASE_URL", "ftp://bilan.exemple.fr"),
    ("BILAN_SECRET_KEY", "court"),
    ("BILAN_MASTER_KEYS", "pas une clé"),
    ("BILAN_MASTER_KEYS", ","),
    ("BILAN_SMTP_URL", "smtp.exemple.fr"),
    ("BILAN_SMTP_URL", "smtp://"),
    ("BILAN_SMTP_URL", "smtp://serveur?tls=peut-etre"),
    ("BILAN_SMTP_URL", "smtp://serveur:port"),
    ("BILAN_MAIL_FROM", "espace2m"),
    ("BILAN_SECRETARIAT_EMAIL", "secretariat@"),
    ("BILAN_REFERENT_EMAIL", "a b@exemple.fr"),
    ("BILAN_DISABILITY_EMAIL", "@exemple.fr"),
    ("BILAN_WORKER", "ailleurs"),
    ("BILAN_SERVER_THREADS", "0"),
    ("BILAN_PROXY_COUNT", "-1"),
    ("BILAN_STAFF_IDLE_MINUTES", "0"),
    ("BILAN_AGENT_IDLE_MINUTES", "1000"),
    ("BILAN_SIGN_IN_LINK_MINUTES", "1"),
    ("BILAN_INVITATION_DAYS", "91"),
    ("BILAN_FIRST_INTERVIEW_DAYS", "vingt"),
    ("BILAN_DIAGNOSTIC_MINUTES", "5"),
    ("BILAN_HOURS_MIN", "0"),
    ("BILAN_HOURS_MAX", "101"),
    ("BILAN_ADAPTATION_ANSWER_DAYS", "0"),
    ("BILAN_ADAPTATION_CHECK_DAYS", "x"),
    ("BILAN_BACKUP_HOUR", "24"),
    ("BILAN_BACKUP_HOUR", "minuit"),
    ("BILAN_BACKUP_KEEP", "0"),
    ("BILAN_MONTHS", "-3"),
    ("BILAN_HR_REVIEW_MINUTES", "x"),
    ("BILAN_CENTRE_NAME", "Espace\x002M"),
    ("BILAN_INSTANCE", "/proc/nulle/part"),
]


def given(tmp_path, **others):
    return {"BILAN_INSTANCE": str(tmp_path / "instance"), **others}


@pytest.mark.parametrize(("variable", "value"), WRONG)
def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path, variable, value):
    with pytest.raises(SettingsError) as stopped:
        load({**given(tmp_path), variable: value})
    assert variable in str(stopped.value)
    assert len(str(stopped.value).splitlines()) == 1
    assert isinstance(stopped.value, SystemExit)


@pytest.mark.parametrize(
    ("low", "high"), [("BILAN_HOURS_MIN", "BILAN_HOURS_MAX"), ("BILAN_INTERVIEW_HOURS_MIN", "BILAN_INTERVIEW_HOURS_MAX")]
)
def test_a_minimum_does_not_exceed_its_maximum(tmp_path, low, high):
    with pytest.raises(SettingsError, match=f"{low}\u00a0: ne peut pas dépasser {high}"):
        load(given(tmp_path, **{low: "8", high: "2"}))


def test_a_wrong_secret_is_not_repeated(tmp_path):
    with pytest.raises(SettingsError) as stopped:
        load(given(tmp_path, BILAN_SMTP_URL="smtp://moi:tres-secret@:99"))
    assert "tres-secret" not in str(stopped.value)


def test_the_defaults_are_those_of_the_service_sheet(tmp_path):
    settings = load(given(tmp_path))
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/bilan.db"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.secretariat_email == "secretariat@espace2m.org"
    sheet = (settings.first_interview_days, settings.diagnostic_minutes, settings.hours_min, settings.hours_max, settings.months)
    assert sheet == (20, 90, 12, 15, 3)
    assert not settings.secure


def test_secrets_are_made_once_and_for_their_owner_only(tmp_path):
    first, again = load(given(tmp_path)), load(given(tmp_path))
    assert (first.secret_key, first.master_keys) == (again.secret_key, again.master_keys)
    for name in ("secret.key", "master.keys"):
        assert (tmp_path / "instance" / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "instance").stat().st_mode & 0o777 == 0o700


def test_given_secrets_leave_no_file(tmp_path):
    keys = f"{Fernet.generate_key().decode()},{Fernet.generate_key().decode()}"
    settings = load(given(tmp_path, BILAN_SECRET_KEY=SECRET, BILAN_MASTER_KEYS=keys))
    assert settings.master_keys == tuple(keys.split(","))
    assert list((tmp_path / "instance").iterdir()) == []


def test_an_empty_variable_is_a_variable_that_was_not_given(tmp_path):
    assert load(given(tmp_path, BILAN_PORT="", BILAN_SECRET_KEY="")).port == 8000


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://serveur", ("serveur", 587, None, None, "none")),
        ("smtp://moi:mot%40de%2Fpasse@serveur:2525?tls=starttls", ("serveur", 2525, "moi", "mot@de/passe", "starttls")),
        ("smtp://serveur?tls=implicit", ("serveur", 465, None, None, "implicit")),
    ],
)
def test_a_mail_server_is_read_from_its_address(tmp_path, url, expected):
    smtp = load(given(tmp_path, BILAN_SMTP_URL=url)).smtp
    assert (smtp.host, smtp.port, smtp.user, smtp.password, smtp.tls) == expected
    assert "passe" not in repr(smtp)


def test_https_makes_cookies_secure(tmp_path):
    assert load(given(tmp_path, BILAN_BASE_URL="https://bilan.exemple.fr/")).secure
    assert load(given(tmp_path, BILAN_BASE_URL="https://bilan.exemple.fr/")).base_url == "https://bilan.exemple.fr"


def test_each_setting_says_what_it_is():
    for one in fields(Settings):
        assert one.metadata["variable"].startswith("BILAN_")
        assert one.metadata["about"].endswith(".")


PROCONNECT = {
    "BILAN_PROCONNECT_DISCOVERY": "https://proconnect.example/api/v2/.well-known/openid-configuration",
    "BILAN_PROCONNECT_CLIENT_ID": "bilan",
    "BILAN_PROCONNECT_CLIENT_SECRET": "un secret",
}


@pytest.mark.parametrize("missing", PROCONNECT)
def test_proconnect_has_its_three_settings_or_none(tmp_path, missing):
    given = {"BILAN_INSTANCE": str(tmp_path), **PROCONNECT}
    assert load(given).proconnect_client_id == "bilan"
    with pytest.raises(SettingsError, match=f"{missing} : ProConnect demande ses trois réglages"):
        load({**given, missing: ""})


@pytest.mark.parametrize(
    "address", ["http://proconnect.example/.well-known/openid-configuration", "https://proconnect.example", "n’importe"]
)
def test_proconnect_is_asked_over_https_at_its_discovery(tmp_path, address):
    with pytest.raises(SettingsError, match="BILAN_PROCONNECT_DISCOVERY"):
        load({"BILAN_INSTANCE": str(tmp_path), **PROCONNECT, "BILAN_PROCONNECT_DISCOVERY": address})
