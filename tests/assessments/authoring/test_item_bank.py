"""The item bank: read page by page from the newest change, searched and filtered, within one organisation."""

from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest

from assessments.models.items import Difficulty, Item, ItemState, ItemUse
from assessments.operations.authoring import create_item
from assessments.operations.reviewing import submit_item
from assessments.queries.bank import (
    PAGE,
    Place,
    Wanted,
    count_in_review,
    list_items,
    list_skills,
    place_from,
    place_in_address,
)
from assessments.queries.near_duplicates import find_near_duplicates
from lms import clock
from lms.db.scope import enter_organisation
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.organisations.roles import Role
from tests.assessments.authoring.written import QUESTION, write
from tests.people import make_person

AT = clock.now()
NUMBERS = count()


def make_item(session, **said) -> Item:
    name = said.pop("identifier", f"item-{next(NUMBERS)}")
    item = Item(
        **{
            "id": uuid4(),
            "organisation_id": PUBLIC_ORGANISATION_ID,
            "bank": "ferries",
            "identifier": name,
            "use": ItemUse.TEST,
            "state": ItemState.LIVE,
            "type": "choice",
            "skill": "verdict",
            "difficulty": Difficulty.EASY,
            "stem": "A stem",
            "tags": [],
            "search_text": f"{name} a stem",
            "changed_at": AT,
            **said,
        }
    )
    session.add(item)
    session.flush()
    return item


def found(session, **wanted):
    return {line.identifier for line in list_items(session, Wanted(**wanted)).lines}


def test_pages_show_every_item_once_the_newest_first(session):
    made = [make_item(session, changed_at=AT + timedelta(seconds=n // 40)) for n in range(2 * PAGE + 7)]

    pages, place = [], None
    while True:
        page = list_items(session, Wanted(), place)
        pages.append(page.lines)
        place = page.next
        if place is None:
            break

    shown = [line for page in pages for line in page]
    assert [len(page) for page in pages] == [PAGE, PAGE, 7]
    assert sorted(line.id for line in shown) == sorted(item.id for item in made)
    assert [line.changed_at for line in shown] == sorted((line.changed_at for line in shown), reverse=True)


def test_an_item_that_changes_meanwhile_neither_hides_others_nor_doubles_them(session):
    made = [make_item(session, changed_at=AT + timedelta(seconds=n)) for n in range(PAGE + 5)]
    first = list_items(session, Wanted())

    made[0].changed_at = AT + timedelta(days=1)
    session.flush()
    second = list_items(session, Wanted(), first.next)

    assert {line.id for line in second.lines} == {item.id for item in made[1:5]}


def test_search_finds_all_words_wherever_they_stand(session):
    make_item(session, identifier="old-quay", search_text="old-quay harbour a stem about ships")
    make_item(session, identifier="new-quay", search_text="new-quay harbour a stem about 50%_off")

    assert found(session, words="STEM quay") == {"old-quay", "new-quay"}
    assert found(session, words="ships quay") == {"old-quay"}
    assert found(session, words="50%_") == {"new-quay"}
    assert found(session, words="%") == {"new-quay"}
    assert found(session, words="nothing") == set()


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"bank": "bridges"}, {"bank": "bridges"}),
        ({"type": "essay"}, {"type": "essay"}),
        ({"skill": "rating"}, {"skill": "rating"}),
        ({"difficulty": Difficulty.HARD}, {"difficulty": "hard"}),
        ({"tags": ["winter", "winter-sport"]}, {"tag": "winter"}),
        ({"state": ItemState.RETIRED}, {"state": "retired"}),
        ({"state": ItemState.PILOT}, {"state": "pilot"}),
    ],
)
def test_a_filter_shows_what_has_it_and_nothing_else(session, said, wanted):
    make_item(session, identifier="plain", tags=["winter-time"])
    make_item(session, identifier="wanted", **said)

    assert found(session, **wanted) == {"wanted"}
    assert found(session, **dict.fromkeys(wanted, "no-such-thing")) == set()


def test_items_in_review_and_being_edited_are_found_by_that(session):
    author = make_person(session, roles=(Role.AUTHOR,)).id
    make_item(session, identifier="plain")
    create_item(session, type="choice", written=write("Begun?", identifier="begun"), person_id=author, at=AT)
    waiting = create_item(session, type="choice", written=write(identifier="waiting"), person_id=author, at=AT)
    submit_item(session, item_id=waiting, person_id=author, at=AT)

    assert found(session, state="in-review") == {"waiting"}
    assert found(session, state="drafted") == {"begun"}
    assert found(session, state="draft") == {"begun", "waiting"}
    assert count_in_review(session) == 1


def test_the_skills_of_a_bank_are_listed_once(session):
    for skill in ("verdict", "rating", "verdict", ""):
        make_item(session, skill=skill)
    make_item(session, bank="elsewhere", skill="other")

    assert list_skills(session, "ferries") == ["rating", "verdict"]


def test_a_place_goes_through_an_address_and_nothing_else_does():
    place = Place(AT, uuid4())

    assert place_from(place_in_address(place)) == place
    for text in ("", "x", f"2026-01-01~{uuid4().hex}", f"{AT.isoformat()}~x", f"0001-01-01T00:00:00~{'0' * 32}"):
        assert place_from(text) is None


def test_another_organisation_finds_none_of_it(session):
    author = make_person(session, roles=(Role.AUTHOR,)).id
    create_item(session, type="choice", written=write(), person_id=author, at=AT)
    assert find_near_duplicates(session, stem=QUESTION)
    other = Organisation(id=uuid4(), slug=f"other-{uuid4()}", name="Other", created_at=AT)
    enter_organisation(session, other.id)
    session.add(other)
    session.flush()

    assert found(session) == set()
    assert find_near_duplicates(session, stem=QUESTION) == []
    assert count_in_review(session) == 0
