"""Two years of indicators, each shown with all that may be: two quarters, each breakdown, parts, questions.

Made of invented tallies and not of rows: the pages read nothing but what one night has kept.
"""

import datetime
import json
from collections import Counter
from itertools import product

from bilan.database import now
from bilan.french import to_paris
from bilan.quality.actions import computed
from bilan.quality.indicators import INDICATORS, median, net_promoters, number, satisfied, share
from bilan.quality.models import NAMES, QualityReport
from bilan.quality.rules import Source, year_of

VALUES = {share: (0, 1, 1), satisfied: (1, 3, 4), net_promoters: (3, 9, 10), number: (1,), median: (9.5, 12, 21)}
PARTS = ("le premier des cas, dont le nom est long", "le second (accompagnement)")
BY_KEY = {one.key: one for one in INDICATORS}
QUESTIONS = ("Écoute et confidentialité", "Prise en compte des besoins particuliers")


def tally_of(indicator, year, *, parts):
    """Return at least five of each thing that can be told apart, in the first two quarters."""
    quarters = [datetime.date(year, month, 1) for month in (1, 4)]
    of_each = product(quarters, NAMES["effectifs"], NAMES["phases"], PARTS if parts else [""], VALUES[indicator.measure])
    tally = Counter(of_each)
    return {key: 5 * count + key[0].month for key, count in tally.items()}


def source_of(indicator, year):
    """Return what an indicator is computed from, with the questions of a survey."""
    asked, marked, chosen = (QUESTIONS, ["Recommandation"], ["Où en êtes-vous\u00a0?"]) if indicator.by_batches else ((), (), ())
    tally = tally_of(indicator, year, parts=indicator.parts)
    return Source(
        tally,
        {words: tally_of(indicator, year, parts=False) for words in asked},
        {words: tally_of(BY_KEY["recommendation"], year, parts=False) for words in marked},
        {words: tally_of(indicator, year, parts=True) for words in chosen},
    )


def write_figures():
    """Keep the figures of the last two years that are over."""
    this_year = to_paris(now()).year
    for year in (this_year - 2, this_year - 1):
        later = datetime.date(year + 2, 1, 1)
        found = {one.key: computed(year_of(one, source_of(one, year), year, later, NAMES)) for one in INDICATORS}
        assert all(one["whole"] and one["rows"] for one in found.values()), "the world shows less than it was made for"
        QualityReport.create(year=year, content=json.dumps(found, ensure_ascii=False))
