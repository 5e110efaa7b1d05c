"""The scenarios and the plan of a populated application, with a marker in everything that may be said of them."""

import factories

from bilan.journeys.models import Journey

BOTH = ("agent", "counsellor")


def write_future(prefix, journey, lead, marker):
    """Return a scenario that is all weighed, written from a lead, and a step of it."""
    names = ("title", "description", "origin", "first_step", "risk", "sentence")
    words = {name: marker(f"{prefix}scenario-{name}", *BOTH) for name in names}
    own = marker(f"{prefix}scenario-avis", *BOTH)
    scenario = factories.make_scenario(journey, lead=lead, own=own, by=journey.counsellor, **words)
    names = ("action", "objective", "indicator", "who", "support", "obstacle", "answer")
    words = {name: marker(f"{prefix}etape-{name}", *BOTH) for name in names}
    step = factories.make_step(journey, scenario=scenario, by=journey.counsellor, **words)
    return {f"{prefix}scenario": scenario, f"{prefix}step": step}


def review_future(step, marker):
    """Let the agent say what became of a step of a closed bilan."""
    return factories.review_step(step, marker("closed_etape-pourquoi", *BOTH))


def propose_synthesis(journey, marker):
    """Propose the synthesis of an open bilan, with its agent's observations; return its printed copy."""
    journey = Journey.by_id_with_people(journey.id)
    return factories.make_paper(factories.make_synthesis(journey, observed=marker("synthese-observations", *BOTH), proposed=True))


def close_synthesis(journey, marker):
    """Have the two validate the synthesis of a bilan that is about to be closed; return its printed copy."""
    journey = Journey.by_id_with_people(journey.id)
    observed, both = marker("closed_synthese-observations", *BOTH), (journey.agent, journey.counsellor)
    return factories.make_paper(factories.make_synthesis(journey, observed=observed, validated=both))
