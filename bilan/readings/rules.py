"""Pure rules of readings: which pages tell something of an agent, in the words that she reads."""

# By room: what somebody of the centre has opened; who is noted in which, actions.py says.
WORDS = {
    "journeys": "la vue d’ensemble de votre bilan",
    "diagnostics": "la grille du premier entretien",
    "interviews": "un entretien et ses notes",
    "notes": "les versions d’une note",
    "careers": "votre parcours professionnel",
    "assignments": "votre travail personnel",
    "messages": "vos messages",
    "questionnaires": "vos questionnaires",
    "results": "vos résultats",
    "leads": "vos pistes",
    "scenarios": "vos scénarios",
    "plans": "votre plan d’action",
    "synthesis": "votre synthèse",
    "disclosure": "vos accords avec le service RH",
    "hr_review": "le bilan avec le service RH",
    "followup": "le suivi de votre bilan",
    "closing": "la page de clôture",
    "measures": "votre demande d’adaptation",
    "occupations": "les métiers, à partir de vos intérêts",
    "prescriptions": "les dates et les heures de votre bilan",
    "reception": "la demande de bilan qui vous concerne",
    "treatment": "votre réclamation",
    "data_requests": "votre demande sur vos données",
}


def room_of(endpoint: str | None) -> str | None:
    """Return the room of an endpoint when its pages tell something of an agent, else None."""
    room = (endpoint or "").split(".")[0]
    return room if room in WORDS else None
