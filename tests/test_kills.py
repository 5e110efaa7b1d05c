"""What the server has said was saved survives its being killed (`make kills` does it fifty times)."""

from bench.kills import missing, run
from bilan.notes.models import Note


def test_a_killed_server_keeps_what_it_acknowledged_and_a_planted_loss_is_caught(tmp_path):
    bursts, planted = [], []

    def take_one_away(saves):
        bursts.append((len(saves), missing(saves)))
        if len(bursts) == 3:
            planted.append(saves[-1])
            assert Note.delete().where(Note.interview == saves[-1].interview, Note.number == saves[-1].number).execute() == 1

    kills = run(tmp_path, 3, longest=0.6, meddle=take_one_away)
    assert all(saves and not lost for saves, lost in bursts)
    assert any(kill.in_flight for kill in kills)
    assert [kill.lost for kill in kills] == [[], [], planted]
