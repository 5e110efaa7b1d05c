"""Skills: drawn from an experience, with a proof; grouped, looked for by a form that htmx shortens."""

import pytest
from factories import close, make_experience, make_journey, make_skill
from pages import swap

from bilan.careers.models import Skill
from bilan.database import database, keystore

LIST, NEW = "competences", "competences/nouvelle"


def names(soup):
    return [" ".join(one.text.split()) for one in soup.select("#skills h4")]


@pytest.fixture
def several(case):
    """Skills of two kinds and levels, one of them drawn from an experience."""
    with case.within():
        experience = make_experience(case.journey, position="Jardinier")
        make_skill(case.journey, experience, name="Tailler", level="expert", again="yes", proof="Le parc du château.")
        make_skill(case.journey, name="Arroser", level="beginner", to_develop=True)
        make_skill(case.journey, name="Botanique", kind="knowledge", level="advanced")
        make_skill(case.journey, name="Écouter", kind="soft", by=case.journey.counsellor)
    return experience


def test_a_skill_is_drawn_from_an_experience_with_its_proof(case):
    with case.within():
        experience = make_experience(case.journey, position="Jardinier", starts="2015")
    page = case.agent.get(case.path("experiences"))
    link = next(one["href"] for one in page.soup.select("main a") if "tirée de l’expérience Jardinier" in one.text)
    page = case.agent.get(link)
    page = case.agent.submit(
        page, {"name": "Tailler", "kind": "know_how", "level": "expert", "proof": "Le parc."}, button=("then", "another")
    )
    page.has("C’est enregistré.")
    assert page.soup.select_one("#experience option[selected]")["value"] == str(experience.id), "the next one comes from there too"
    page = case.agent.get(case.path(LIST))
    page.has("1 compétence", "Savoir-faire", "Expertise", "Tailler", "Le parc.", "Expérience : Jardinier (2015)", "Écrit par vous")
    page.lacks("preuve à trouver")
    case.counsellor.get(case.path("experiences", way="parcours")).has("1 compétence : Tailler")


def test_a_proof_may_come_later_and_is_asked_for(case):
    case.write(NEW, {"name": "Tailler", "kind": "know_how"}).has("preuve à trouver", "Niveau à préciser")
    (skill,) = Skill.select()
    page = case.counsellor.get(f"/parcours/competences/{skill.id}")
    page = case.counsellor.submit(
        page, {"proof": "Le parc.", "frequency": "rarely", "again": "yes", "to_develop": True, "transferable": "Golf."}
    )
    page.has("Le parc.", "Utilisée rarement.", "envie de l’utiliser encore", "à développer", "Peut servir : Golf.")
    page.lacks("preuve à trouver")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({"kind": "soft"}, "Nommez la compétence."), ({"name": "Écouter"}, "Choisissez une sorte.")],
)
def test_a_name_and_a_kind_are_asked(case, values, sentence):
    case.write(NEW, values, status=422).has(sentence)


def test_a_skill_is_drawn_from_an_experience_of_the_same_bilan_only(case):
    with case.within():
        theirs = make_experience(make_journey(), position="Secret")
    page = case.agent.get(f"{case.path(NEW)}?experience={theirs.id}")
    page.lacks("Secret")
    data = {"name": "n", "kind": "soft", "level": "", "frequency": "", "again": "", "base": "0", "experience": str(theirs.id)}
    case.agent.post(case.path(NEW), data, status=422)
    assert Skill.select().count() == 0


def test_skills_are_grouped_by_kind_then_by_level(case, several):
    page = case.counsellor.get(case.path(LIST, way="parcours"))
    headings = [one.text for one in page.soup.select("#skills h2, #skills h3, #skills h4")]
    assert [" ".join(one.split()) for one in headings] == [
        *("Savoirs", "Maîtrise", "Botanique"),
        *("Savoir-faire", "Expertise", "Tailler", "Notions", "Arroser"),
        *("Savoir-être", "Niveau à préciser", "Écouter"),
    ]
    page.has("4 compétences", "Écrit par vous", f"Écrit par {case.journey.agent.display_name}")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sorte=soft", ["Écouter"]),
        ("niveau=expert", ["Tailler"]),
        ("a-developper=1", ["Arroser"]),
        ("encore=1", ["Tailler"]),
        ("experience={experience}", ["Tailler"]),
        ("q=ecouter", ["Écouter"]),
        ("q=chateau", ["Tailler"]),
        ("sorte=know_how&niveau=", ["Tailler", "Arroser"]),
        ("sorte=inconnue", ["Botanique", "Tailler", "Arroser", "Écouter"]),
        ("sorte=soft&niveau=expert", []),
    ],
)
def test_skills_are_looked_for_with_and_without_htmx(case, several, query, found):
    path, asked = case.path(LIST), query.format(experience=several.id)
    whole = case.agent.get(f"{path}?{asked}")
    assert names(whole.soup) == found
    words = f"{len(found)} compétence{'s' if len(found) > 1 else ''}" + (" sur 4" if len(found) < 4 else "")
    whole.has(words, *([] if found else ["Aucune compétence ne correspond."]))
    before = case.agent.get(path)
    soup = swap(before.html, case.agent.fragment(f"{path}?{asked}").html, "skills")
    for place in ("skills", "skills-count"):
        assert str(soup.find(id=place)).split() == str(whole.soup.find(id=place)).split()


def test_the_filter_stays_as_it_was_asked(case, several):
    page = case.agent.get(f"{case.path(LIST)}?q=taille&sorte=know_how&niveau=expert&experience={several.id}&encore=1")
    soup = page.soup
    assert soup.select_one(".column details").has_attr("open")
    assert soup.find(id="q")["value"] == "taille"
    assert [one["value"] for one in soup.select(".filters option[selected]")] == ["know_how", "expert", str(several.id)]
    assert [one["id"] for one in soup.select(".filters input[checked]")] == ["encore"]
    assert not case.agent.get(case.path(LIST)).soup.select_one(".column details").has_attr("open")


def test_an_empty_page_says_how_to_begin(case):
    case.agent.get(case.path(LIST)).has("écrivez d’abord une expérience")
    with case.within():
        make_experience(case.journey)
    case.agent.get(case.path(LIST)).has("Partir d’une expérience")
    with case.within():
        close(case.journey)
    case.agent.get(case.path(LIST)).has("Aucune compétence n’a été écrite dans ce bilan.")


def test_two_people_at_once_see_both_experiences_and_both_proofs(case, several):
    skill = next(one for one in Skill.select() if one.content["name"] == "Arroser")
    mine, theirs = case.agent.get(f"/mon-bilan/competences/{skill.id}"), case.counsellor.get(f"/parcours/competences/{skill.id}")
    case.counsellor.submit(theirs, {"experience": str(several.id), "proof": "La serre."})
    page = case.agent.submit(mine, {"proof": "Le jardin."}, status=409)
    assert [one.text for one in page.soup.find_all("blockquote")] == ["Jardinier (mars\u00a02015)", "La serre."]
    page.has("Le jardin.")


def test_a_removed_skill_is_gone_and_its_experience_stays(case, several):
    skill = next(one for one in Skill.select() if one.experience_id)
    page = case.agent.get(f"/mon-bilan/competences/{skill.id}")
    case.agent.submit(case.agent.get(f"{page.path}/retirer")).has("C’est retiré.", "3 compétences")
    case.agent.get(case.path("experiences")).has("Jardinier")


def test_the_queries_do_not_grow_with_the_skills(case, several, monkeypatch):
    def asked():
        found = []
        with monkeypatch.context() as patch:
            for one in (database.obj, keystore.obj):
                patch.setattr(
                    one, "execute_sql", lambda *given, ask=one.execute_sql, **named: found.append(given[0]) or ask(*given, **named)
                )
            case.agent.get(case.path(LIST))
        return len(found)

    few = asked()
    with case.within():
        for rank in range(10):
            make_skill(case.journey, several, name=f"S{rank}", by=case.journey.counsellor)
    assert asked() == few
