"""A short storm by a fixed seed, part of every test run; `make chaos` runs long ones."""

import os
import random

import pytest

from tests.chaos.kinds import KINDS, by_name
from tests.chaos.rounds import run_round
from tests.chaos.worlds import make_world
from tests.databases import SERVER

DATABASE = "postgresql" if SERVER else "sqlite"
SEED = os.environ.get("CHAOS_SEED", "2026")
ALWAYS = {"sqlite": ["kill everything", "foul weather"], "postgresql": ["database crash", "foul weather"]}
pytestmark = pytest.mark.chaos


def test_nothing_is_lost_in_a_short_storm():
    """Two kinds always and two by the seed; a violation prints the attempt and what was sent and told."""
    others = [kind.name for kind in KINDS if DATABASE in kind.databases and kind.is_quick]
    names = [*ALWAYS[DATABASE], *random.Random(SEED).sample(sorted(others), 2)]
    with make_world(DATABASE) as world:
        reports = [run_round(world, by_name(name), SEED, candidates=5) for name in names]

    violations = [f"{report.kind}, seed {SEED}: {each}" for report in reports for each in report.violations]
    assert not violations, "\n".join(violations)
    for report in reports:
        assert report.struck > 0 or report.kind not in ALWAYS[DATABASE], f"{report.kind} never struck"
        assert report.acknowledged > 0
        assert report.gave_up == 0


def test_there_are_twenty_kinds_and_more_on_each_database():
    for database in ALWAYS:
        assert sum(database in kind.databases for kind in KINDS) >= 20
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_an_unknown_kind_is_told_with_those_there_are():
    with pytest.raises(LookupError, match="foul weather"):
        by_name("locusts")
