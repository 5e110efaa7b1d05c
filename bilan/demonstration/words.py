"""Who is invented, and what they say."""

from bilan.people.models import Role

SEED = 42300
JOURNEYS = 30
EMPLOYERS = ("Commune de Roanne (démonstration)", "Communauté du Forez (démonstration)", "Commune de Renaison (démonstration)")
ACCOUNTS = (
    ("agent@demo.example", "Nadia Benali", Role.AGENT, 0),
    ("agent2@demo.example", "Marc Dutel", Role.AGENT, 1),
    ("conseiller@demo.example", "Claire Monnet", Role.COUNSELLOR, None),
    ("conseiller2@demo.example", "Hugo Perrin", Role.COUNSELLOR, None),
    ("rh@demo.example", "Sylvie Garnier", Role.HR, 0),
    ("rh2@demo.example", "Denis Vial", Role.HR, 1),
    ("secretariat@demo.example", "Martine Roche", Role.SECRETARIAT, None),
    ("handicap@demo.example", "Laurent Duval", Role.DISABILITY_REFERENT, None),
    ("responsable@demo.example", "Stéphanie Faure", Role.MANAGER, None),
)
FIRST_NAMES = (
    "Amina",
    "Bernard",
    "Céline",
    "Damien",
    "Élodie",
    "Farid",
    "Gaëlle",
    "Henri",
    "Inès",
    "Joël",
    "Karine",
    "Lucas",
    "Maïté",
    "Noémie",
)
LAST_NAMES = (
    "Arnaud",
    "Bonnet",
    "Chassagne",
    "Durand",
    "Épinat",
    "Fournier",
    "Giraud",
    "Haddad",
    "Jacquet",
    "Lafay",
    "Moreau",
    "N’Diaye",
    "Oliveira",
)
SHARED_NOTES = (
    "Nous avons repris le parcours depuis l’entrée dans la collectivité. Trois périodes se dégagent, et une envie qui revient : le contact avec le public.",
    "L’enquête auprès de la médiathèque confirme l’intérêt pour l’accueil. Points à vérifier : les horaires du samedi, le concours.",
    "Deux pistes gardées : accueil en maison France services, gestion des plannings. Pour la prochaine fois : appeler une personne qui fait ce métier.",
    "Les questionnaires sont relus ensemble. Ce qui surprend, ce qui confirme, ce qui manque : noté avec vos mots.",
)
PRIVATE_NOTES = (
    "Revoir la question du rythme avant d’ouvrir le second scénario.",
    "Très à l’aise dès qu’il est question de transmettre. À reprendre.",
    "Prudence sur le calendrier : laisser le temps de la décision.",
)
EXPECTATIONS = (
    "Faire le point après la réorganisation du service, et nommer des postes possibles dans la collectivité.",
    "Préparer une mobilité : le poste actuel ne pourra pas être tenu jusqu’à la retraite.",
    "Lui permettre de choisir en connaissance de cause entre l’accueil et la gestion administrative.",
    "Entendre ses souhaits d’évolution et vérifier qu’ils sont réalistes chez nous.",
)
WISHES = ("Savoir ce que je vaux ailleurs.", "", "Reprendre confiance, et ne pas choisir trop vite.", "Comprendre les concours.")
POSITIONS = ("Agent d’entretien", "Jardinière", "ATSEM", "Assistante de direction", "Cuisinier", "Agent d’accueil", "Comptable")
OBJECTIVES = (
    "Faire le point sur le parcours.\nChoisir deux pistes.\nSavoir par où commencer.",
    "Vérifier une piste d’accueil.\nPréparer un plan d’action.",
)
# How the answers of an invented agent lean, scale by scale: the middle of each part's levels, importance then satisfaction.
LEANINGS: dict[str, dict[str, tuple[float, ...]]] = {
    "valeurs": {
        "REL": (4.7, 4.2),
        "CON": (4.4, 2.6),
        "UTI": (4.2, 4.4),
        "SEC": (4.1, 4.6),
        "EQU": (3.9, 3.8),
        "REC": (3.6, 2.2),
        "AUT": (3.4, 3.0),
        "REM": (3.2, 2.4),
        "APP": (3.0, 2.6),
        "CRE": (2.6, 2.8),
        "RES": (2.0, 2.2),
    },
    "motivations": {"LIE": (4.4,), "SEN": (4.2,), "PLA": (3.9,), "AVA": (3.4,), "PRO": (3.2,), "LIB": (2.8,), "REN": (2.4,)},
    "personnalite": {"E": (3.0,), "N": (2.0,), "A": (4.6,), "C": (4.2,), "O": (3.0,)},
    "personnalite-courte": {"E": (2.4,), "N": (2.8,), "A": (4.4,), "C": (3.6,), "O": (3.4,)},
}
# What is answered to the guided grid: a sentence and how much it counts, some prompts left aside.
ENTRIES: dict[str, str | int] = {
    "M1-phrase": "Voir les enfants arriver contents le matin.",
    "M1-force": 4,
    "R1-phrase": "Je sais calmer un groupe et tenir une routine.",
    "R1-force": 3,
    "C1-phrase": "Finir avant 17\u00a0heures deux jours par semaine.",
    "C1-force": 3,
    "R2-phrase": "La directrice de l’école me confie volontiers un atelier.",
    "R2-force": 3,
    "C2-phrase": "Vingt kilomètres, pas davantage.",
    "C2-force": 2,
    "O2-phrase": "Il me manque le BAFD pour diriger un accueil de loisirs.",
    "O2-force": 3,
    "M3-phrase": "Le spectacle de fin d’année, monté avec trois classes.",
    "O3-phrase": "J’ai peur de perdre l’équipe où je suis bien.",
    "O3-force": 2,
}
# Of a result that was read together: the counsellor's comment, then the agent's.
SAID = {
    "valeurs": (
        "L’équipe vient en tête, et vous l’avez aujourd’hui. Les conditions de travail comptent presque autant, et c’est là que l’écart est grand.",
        "C’est vrai pour le bruit et pour le dos. Je ne l’avais jamais dit comme cela.",
    ),
    "motivations": (
        "Les liens et l’utilité passent avant les avantages. À garder en tête quand nous regarderons les postes.",
        "Oui. Je ne changerais pas pour une prime seulement.",
    ),
    "personnalite-courte": (
        "Vous dites écouter plus que vous ne parlez. Vos récits montrent la même chose, et c’est une force dans l’accueil.",
        "Je me reconnais assez, sauf sur le désordre\u00a0: à la maison oui, au travail non.",
    ),
    "personnalite": (
        "Calme et attention aux autres reviennent partout, dans vos réponses comme dans vos récits de caisse et d’école.",
        "On me le dit souvent. Cela m’a fait du bien de le lire.",
    ),
    "ressources-et-freins": (
        "Deux appuis solides, et un frein qui a une réponse connue\u00a0: nous chercherons la formation ensemble.",
        "Écrire les phrases m’a aidé à voir que tout ne bloque pas.",
    ),
}
