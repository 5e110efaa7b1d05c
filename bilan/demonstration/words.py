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
COMPLAINTS = (
    (
        "Paul Mercier",
        "Mon rendez-vous a été déplacé deux fois sans explication. J’avais posé une demi-journée à chaque fois.",
        "Être prévenu plus tôt.",
    ),
    ("Yasmine Cherif", "La salle d’attente n’est pas accessible avec une poussette.", ""),
    ("Agnès Rolland", "Je n’ai pas reçu le compte rendu promis à la fin de l’entretien.", "Le recevoir avant la fin du mois."),
)
EXPECTATIONS = (
    "Faire le point après la réorganisation du service, et nommer des postes possibles dans la collectivité.",
    "Préparer une mobilité : le poste actuel ne pourra pas être tenu jusqu’à la retraite.",
    "Lui permettre de choisir en connaissance de cause entre l’accueil et la gestion administrative.",
    "Entendre ses souhaits d’évolution et vérifier qu’ils sont réalistes chez nous.",
)
WISHES = ("Savoir ce que je vaux ailleurs.", "", "Reprendre confiance, et ne pas choisir trop vite.", "Comprendre les concours.")
POSITIONS = ("Agent d’entretien", "Jardinière", "ATSEM", "Assistante de direction", "Cuisinier", "Agent d’accueil", "Comptable")
OBJECTIVES = (
    "Faire le point sur le parcours.\nChoisir deux pistes.\nSavoir par où commencer.",
    "Vérifier une piste d’accueil.\nPréparer un plan d’action.",
)
