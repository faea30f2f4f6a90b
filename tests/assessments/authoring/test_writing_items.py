"""Writing items: begun and saved unfinished, never over somebody else's save, retired and brought back."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from assessments.models.authoring import Decision, StemBand
from assessments.models.items import Item, ItemState, ItemUse, ItemVersion
from assessments.operations.authoring import (
    bring_back_item,
    create_item,
    discard_draft,
    retire_item,
    save_draft,
    suggest_identifier,
)
from assessments.operations.publishing import publish_items
from assessments.operations.reviewing import approve_item, submit_item
from assessments.queries.pools import get_pool
from assessments.queries.stored_items import get_stored_item
from lms import clock
from lms.audit.models import AuditEvent
from lms.db.scope import enter_organisation
from lms.errors import Conflict, Invalid, NotFound
from lms.organisations.models import Organisation
from lms.organisations.roles import Role
from tests.assessments.authoring.written import QUESTION, write
from tests.assessments.factories import BANK, make_bank, make_draft
from tests.people import make_person

AT = clock.now()


@pytest.fixture
def people(session):
    return [make_person(session, roles=(Role.AUTHOR,)).id for _ in range(3)]


@pytest.fixture
def item_id(session, people):
    return create_item(session, type="choice", written=write(), person_id=people[0], at=AT)


def save(session, item_id, person_id, revision, **changes):
    return save_draft(session, item_id=item_id, written=write(**changes), revision=revision, person_id=person_id, at=AT)


def publish(session, item_id, people, decision=Decision.LIVE):
    submit_item(session, item_id=item_id, person_id=people[0], at=AT)
    revision = get_stored_item(session, item_id).revision
    return approve_item(
        session, item_id=item_id, revision=revision, decision=decision, comment="", person_id=people[1], at=AT
    )


def actions(session):
    """In no order: what was done at one instant has none."""
    return Counter(session.scalars(select(AuditEvent.action)))


def test_an_item_begins_as_a_draft_that_nobody_is_tested_on(session, item_id, people):
    stored = get_stored_item(session, item_id)

    assert (stored.state, stored.revision, stored.current) == (ItemState.DRAFT, 1, None)
    assert stored.identifier == "which-of-the-two-timetables-says"
    assert stored.written.content == write().content
    assert get_pool(session, bank="ferries", floor=None).items == ()
    assert actions(session) == {"item.begun": 1}


def test_a_draft_may_be_unfinished(session, people):
    bare = replace(write(identifier="bare"), content={"prompt": ""}, key={}, reasons={}, answer={"choices": []})

    item_id = create_item(session, type="choice", written=bare, person_id=people[0], at=AT)

    written = get_stored_item(session, item_id).written
    assert (written.content, written.key, written.answer) == ({"prompt": ""}, {}, {"choices": []})
    assert written.reasons == {"rationale": "", "sources": [], "temptations": {}}


@pytest.mark.parametrize(
    ("particulars", "said"),
    [
        ({"bank": ""}, "bank"),
        ({"bank": "No bank"}, "bank"),
        ({"identifier": "Bad Name"}, "identifier"),
        ({"use": "fun"}, "use"),
        ({"difficulty": ""}, "difficulty"),
        ({"skill": "x" * 61}, "skill"),
        ({"tags": "x"}, "tags"),
    ],
)
def test_particulars_that_cannot_be_kept_are_refused(session, people, particulars, said):
    with pytest.raises(Invalid, match=said):
        create_item(session, type="choice", written=write(**particulars), person_id=people[0], at=AT)


def test_an_unknown_type_is_refused(session, people):
    with pytest.raises(Invalid, match="the types are"):
        create_item(session, type="riddle", written=write(), person_id=people[0], at=AT)


def test_identifiers_are_made_from_the_question_and_differ(session, people):
    ids = [
        create_item(session, type="choice", written=write("Wélches Schiff?"), person_id=people[0], at=AT)
        for _ in range(3)
    ]

    names = [get_stored_item(session, one).identifier for one in ids]
    assert names == ["welches-schiff", "welches-schiff-2", "welches-schiff-3"]
    assert suggest_identifier(session, type="span-highlight", stem="漢字") == "span-highlight"
    assert len(suggest_identifier(session, type="choice", stem="incomprehensibilities " * 6)) <= 60


def test_a_taken_identifier_is_refused(session, item_id, people):
    other = create_item(session, type="choice", written=write(identifier="other"), person_id=people[0], at=AT)

    with pytest.raises(Invalid, match="taken"):
        create_item(session, type="choice", written=write(identifier="other"), person_id=people[0], at=AT)
    with pytest.raises(Invalid, match="taken"):
        save(session, item_id, people[0], 1, identifier="other")
    assert get_stored_item(session, other).identifier == "other"


def test_a_save_on_top_of_somebody_elses_is_refused(session, item_id, people):
    assert save(session, item_id, people[1], 1, prompt="Second?") == 2

    with pytest.raises(Conflict, match="in the meantime"):
        save(session, item_id, people[0], 1, prompt="Third?")
    stored = get_stored_item(session, item_id)
    assert (stored.written.content["prompt"], stored.draft.edited_by) == ("Second?", people[1])


def test_two_who_begin_to_edit_a_live_item_do_not_overwrite_each_other(session, item_id, people):
    publish(session, item_id, people)
    save(session, item_id, people[0], 0, prompt="First?")

    with pytest.raises(Conflict):
        save(session, item_id, people[1], 0, prompt="Second?")


def test_what_is_in_review_cannot_be_edited(session, item_id, people):
    submit_item(session, item_id=item_id, person_id=people[0], at=AT)

    with pytest.raises(Conflict, match="in review"):
        save(session, item_id, people[2], 1)


def test_a_live_item_stays_as_it_is_while_it_is_edited(session, item_id, people):
    version_id = publish(session, item_id, people)
    changes = {"prompt": "Another?", "use": "practice", "bank": "elsewhere", "identifier": "renamed"}
    save(session, item_id, people[0], 0, **changes)

    stored = get_stored_item(session, item_id)
    item = session.get_one(Item, item_id)
    assert stored.state is ItemState.LIVE
    assert stored.current.content["prompt"] == QUESTION
    assert stored.written.content["prompt"] == "Another?"
    assert (item.use, item.bank, item.identifier) == (ItemUse.TEST, "ferries", stored.identifier)
    assert item.stem == "Another?"  # by what it will say it is found
    assert [pooled.version_id for pooled in get_pool(session, bank="ferries", floor=None).live] == [version_id]


def test_a_draft_of_a_published_item_can_be_thrown_away(session, item_id, people):
    publish(session, item_id, people)
    save(session, item_id, people[0], 0, prompt="Another?")

    discard_draft(session, item_id=item_id, person_id=people[0], at=AT)

    stored = get_stored_item(session, item_id)
    assert stored.draft is None
    assert session.get_one(Item, item_id).stem == QUESTION
    with pytest.raises(Conflict, match="no open draft"):
        discard_draft(session, item_id=item_id, person_id=people[0], at=AT)


def test_an_item_that_is_only_a_draft_is_not_thrown_away(session, item_id, people):
    with pytest.raises(Conflict, match="Retire it"):
        discard_draft(session, item_id=item_id, person_id=people[0], at=AT)


def test_an_item_is_retired_by_one_person_with_a_reason(session, item_id, people):
    publish(session, item_id, people)

    with pytest.raises(Invalid, match="why"):
        retire_item(session, item_id=item_id, reason=" ", person_id=people[0], at=AT)
    retire_item(session, item_id=item_id, reason="Out of date.", person_id=people[0], at=AT)

    assert get_stored_item(session, item_id).state is ItemState.RETIRED
    assert get_pool(session, bank="ferries", floor=None).live == ()
    with pytest.raises(Conflict, match="already"):
        retire_item(session, item_id=item_id, reason="Again.", person_id=people[0], at=AT)


def test_loading_the_files_again_does_not_bring_back_what_an_author_retired(session, people):
    publish_items(session, bank=BANK, drafts=[make_draft("one"), make_draft("two")], at=AT)
    one = session.scalars(select(Item.id).where(Item.identifier == "one")).one()
    retire_item(session, item_id=one, reason="It is wrong.", person_id=people[0], at=AT)

    publish_items(session, bank=BANK, drafts=[make_draft("one"), make_draft("two")], at=AT)

    assert get_stored_item(session, one).state is ItemState.RETIRED
    assert [pooled.item.identifier for pooled in get_pool(session, bank=BANK, floor=None).live] == ["two"]


def test_to_bring_a_live_item_back_needs_a_second_person(session, item_id, people):
    version_id = publish(session, item_id, people)
    retire_item(session, item_id=item_id, reason="Out of date.", person_id=people[0], at=AT)
    before = actions(session)

    bring_back_item(session, item_id=item_id, person_id=people[0], at=AT)
    waiting = get_stored_item(session, item_id)
    assert waiting.state is ItemState.RETIRED

    assert publish(session, item_id, people) == version_id  # it says the same, so it is the same version
    assert get_stored_item(session, item_id).state is ItemState.LIVE
    assert actions(session) - before == {"item.brought_back": 1, "item.submitted": 1, "item.approved": 1}


def test_what_was_never_published_is_a_draft_again_when_brought_back(session, item_id, people):
    retire_item(session, item_id=item_id, reason="A mistake.", person_id=people[0], at=AT)
    bring_back_item(session, item_id=item_id, person_id=people[1], at=AT)

    assert get_stored_item(session, item_id).state is ItemState.DRAFT
    with pytest.raises(Conflict, match="not retired"):
        bring_back_item(session, item_id=item_id, person_id=people[1], at=AT)


def test_the_marks_of_the_stem_follow_every_save(session, item_id, people):
    def marks():
        return set(session.scalars(select(StemBand.hash).where(StemBand.item_id == item_id)))

    first = marks()
    save(session, item_id, people[0], 1, prompt="Something else altogether that is asked of whoever reads it?")
    second = marks()
    save(session, item_id, people[0], 2, prompt="")

    assert len(first) == len(second) == 12
    assert not first & second
    assert marks() != second


def test_published_files_get_marks_as_well(session):
    make_bank(session, at=AT)

    unmarked = select(Item.identifier).where(Item.id.not_in(select(StemBand.item_id)))
    assert list(session.scalars(unmarked)) == []


def test_loading_the_files_of_a_bank_retires_no_item_that_was_written_in_the_browser(session, people):
    drafted = create_item(session, type="choice", written=write(bank=BANK), person_id=people[0], at=AT)
    live = create_item(session, type="choice", written=write("Of what else?", bank=BANK), person_id=people[0], at=AT)
    publish(session, live, people)
    publish_items(session, bank=BANK, drafts=[make_draft("gone")], at=AT)

    publish_items(session, bank=BANK, drafts=[make_draft("here")], at=AT)

    states = dict(session.execute(select(Item.identifier, Item.state)).all())
    assert get_stored_item(session, drafted).state is ItemState.DRAFT
    assert get_stored_item(session, live).state is ItemState.LIVE
    assert (states["gone"], states["here"]) == (ItemState.RETIRED, ItemState.LIVE)


def test_another_organisation_sees_nothing_of_it(session, database, item_id, people):
    other = Organisation(id=uuid4(), slug=f"other-{uuid4()}", name="Other", created_at=AT)
    enter_organisation(session, other.id)
    session.add(other)
    session.flush()

    with pytest.raises(NotFound):
        get_stored_item(session, item_id)
    with pytest.raises(NotFound):
        save(session, item_id, people[0], 1)
    with pytest.raises(NotFound):
        retire_item(session, item_id=item_id, reason="Not mine.", person_id=people[0], at=AT)


def test_attempts_keep_the_version_that_they_have(session, item_id, people):
    first = publish(session, item_id, people)
    save(session, item_id, people[0], 0, prompt="Another question, then?")
    second = publish(session, item_id, people)

    versions = session.scalars(select(ItemVersion).where(ItemVersion.item_id == item_id).order_by(ItemVersion.number))
    assert [(one.id, one.is_current, one.content["prompt"]) for one in versions] == [
        (first, False, QUESTION),
        (second, True, "Another question, then?"),
    ]
    assert session.get_one(Item, item_id).changed_at - AT < timedelta(seconds=1)
