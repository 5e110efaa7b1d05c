"""What helps and what hinders: a sentence, a strength, and for an obstacle what could help."""

from factories import make_condition

from bilan.careers.models import Condition

LIST, NEW = "appuis-et-freins", "appuis-et-freins/nouveau"


def headings(soup):
    return [one.text for one in soup.select("main h2")]


def test_the_four_kinds_are_there_from_the_beginning(case):
    page = case.agent.get(case.path(LIST))
    assert headings(page.soup) == ["Motivations", "Ressources", "Contraintes", "Obstacles"]
    link = next(one["href"] for one in page.soup.select("main a") if one.text == "Ajouter un obstacle")
    page = case.agent.get(link)
    assert page.soup.select_one("input[name=kind][checked]")["value"] == "obstacle"
    page = case.agent.submit(page, {"sentence": "Le permis.", "strength": "3"})
    page.has("Le permis.", "compte beaucoup, 3 sur 4", "réponse à trouver", "Écrit par vous")


def test_an_answer_is_found_together(case):
    with case.within():
        condition = make_condition(case.journey, kind="obstacle", sentence="Le permis.")
    page = case.counsellor.submit(case.counsellor.get(f"/parcours/appuis-et-freins/{condition.id}"), {"answer": "L’aide de la région."})
    page.has("Ce qui pourrait aider : L’aide de la région.", f"Écrit par {case.journey.agent.display_name}, modifié par vous")
    page.lacks("réponse à trouver")


def test_a_sentence_and_a_kind_are_asked(case):
    page = case.write(NEW, {"answer": "Gardé."}, status=422)
    page.has("Choisissez ce dont il s’agit.", "Écrivez une phrase.", "Gardé.")
    assert Condition.select().count() == 0


def test_what_counts_most_comes_first(case):
    with case.within():
        for strength in ("1", "", "4"):
            make_condition(case.journey, sentence=f"Force {strength or '?'}.", strength=strength)
    page = case.agent.get(case.path(LIST))
    assert [one.text for one in page.soup.select("li .as-written:first-child")] == ["Force 4.", "Force 1.", "Force ?."]


def test_what_no_longer_counts_is_removed(case):
    with case.within():
        condition = make_condition(case.journey, sentence="Le permis.")
    page = case.agent.get(f"/mon-bilan/appuis-et-freins/{condition.id}/retirer")
    page.has("Le permis.")
    case.agent.submit(page).lacks("Le permis.")
    assert Condition.select().count() == 0
