"""Every actor at every route with every kind of object gets what they may, with each of the two walls alone."""

from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from tests.databases import SERVER, drop_database
from tests.isolation import cases
from tests.isolation.answers import Caller
from tests.isolation.tenants import without_row_security, without_scope
from tests.isolation.world import World, keeping_nothing, make_world

ACTORS = {
    "anonymous": [""],
    "quokka's ": ["candidate", "other candidate", "author", "marker", "manager", "auditor", "operator"],
    "quokka's": [" ex-member", " suspended", " key"],
    "zebra's ": ["candidate", "other candidate", "manager", "key"],
}
NAMES = [whose + name for whose, names in ACTORS.items() for name in names]
# SQLite has the scope alone.
WALLS = ["both", "scope alone", "row security alone"] if SERVER else ["scope alone"]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = make_world(tmp_path_factory.mktemp("world"))
    yield world
    world.database.close()
    drop_database(world.app.extensions["assay.settings"].database_url)


@pytest.fixture(params=WALLS)
def walls(request: pytest.FixtureRequest, world: World) -> Iterator[str]:
    """Which walls stand; whoever is refused at the door is so without them, and need not be tried again."""
    down = {
        "both": nullcontext(),
        "scope alone": without_row_security(world.database.engine),
        "row security alone": without_scope(),
    }
    with down[request.param], keeping_nothing():
        yield request.param


def test_every_parameter_of_every_route_is_told(world):
    assert cases.untold(world) == []


def test_there_are_thousands_of_cases_and_everybody_is_among_them(world):
    counted = Counter(
        case.expected
        for actor in world.actors.values()
        for route in cases.routes(world)
        for case in cases.cases_of(world, route, actor)
    )

    assert sorted(world.actors) == sorted(NAMES)
    assert sum(counted.values()) >= 2000
    assert counted[cases.MISSING] >= 1000
    assert counted[cases.OPEN] >= 500


@pytest.mark.parametrize("name", NAMES)
def test_everybody_gets_what_is_theirs_and_nothing_else(world, walls, name):
    caller = Caller(world, world.actors[name])
    faults = [
        fault
        for route in cases.routes(world)
        for case in cases.cases_of(world, route, caller.actor)
        if walls == WALLS[0] or case.expected in cases.JUDGED_BY_OBJECT
        for fault in caller.faults(case)
    ]
    assert not faults, "\n".join(faults)
