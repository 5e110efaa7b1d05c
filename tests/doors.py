"""The rights of the doors to one's account (codes, second factor, open sessions) and to one's data. See rights.py."""

from world import EVERYBODY

ALL = set(EVERYBODY)
SIGNED_IN = ALL - {"anonymous"}
STAFF = SIGNED_IN - {"agent", "other_agent"}

OF_ACCESS = {
    ("access.begin", "POST"): STAFF,
    ("access.close", "POST"): {"agent"},
    ("access.close_others", "POST"): SIGNED_IN,
    ("access.code", "GET"): ALL,
    ("access.code", "POST"): ALL,
    ("access.factor", "GET"): STAFF,
    ("access.factor", "POST"): STAFF,
    ("access.image", "GET"): STAFF,
    ("access.recovery", "GET"): ALL,
    ("access.recovery", "POST"): ALL,
    ("access.remove", "POST"): STAFF,
    ("access.renew", "POST"): STAFF,
    ("passkeys.add", "GET"): STAFF,
    ("passkeys.add", "POST"): STAFF,
    ("passkeys.enter", "GET"): ALL,
    ("passkeys.enter", "POST"): ALL,
    ("passkeys.remove", "GET"): {"other_hr"},
    ("passkeys.remove", "POST"): {"other_hr"},
    ("confirmations.decide", "POST"): {"manager"},
    ("confirmations.index", "GET"): {"secretariat", "manager"},
    ("departures.leave", "GET"): {"secretariat"},
    ("departures.leave", "POST"): {"secretariat"},
    # Without ProConnect's settings, none of these is there.
    ("proconnect.back", "GET"): set(),
    ("proconnect.begin", "GET"): set(),
    ("proconnect.left", "GET"): set(),
}

OF_OPERATION = {
    ("operation.health", "GET"): ALL,
    # Without a token in the settings, there are no figures.
    ("operation.metrics", "GET"): set(),
}

OF_PRIVACY = {
    ("exports.log", "GET"): {"agent", "other_agent"},
    ("exports.index", "GET"): {"agent", "other_agent"},
    ("exports.index", "POST"): {"agent", "other_agent"},
    ("exports.take", "POST"): {"agent"},
    ("exports.remove", "POST"): {"agent"},
    ("data_requests.ask_correction", "GET"): {"agent", "other_agent"},
    ("data_requests.ask_correction", "POST"): {"agent", "other_agent"},
    ("data_requests.ask_erasure", "GET"): {"agent", "other_agent"},
    ("data_requests.ask_erasure", "POST"): {"agent", "other_agent"},
    ("data_requests.read", "GET"): {"agent"},
    ("data_requests.withdraw", "GET"): {"agent"},
    ("data_requests.withdraw", "POST"): {"agent"},
    ("data_requests.index", "GET"): {"secretariat"},
    ("data_requests.show", "GET"): {"secretariat"},
    ("data_requests.show", "POST"): {"secretariat"},
    ("privacy.mine", "GET"): {"agent", "other_agent"},
    ("privacy.certificate", "GET"): {"agent"},
    ("privacy.document", "GET"): {"agent"},
    ("privacy.stop_keeping", "GET"): {"closed_journey": {"agent"}},
    ("privacy.stop_keeping", "POST"): {"closed_journey": {"agent"}},
    ("privacy.coming", "GET"): {"secretariat"},
}
