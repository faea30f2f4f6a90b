"""The form of an attempt: what it is drawn from, how it is kept, and how what was shown is counted."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select, text, update

from assessments.domain.drawing import draw_form
from assessments.models.attempts import Attempt, FormItem
from assessments.models.exposure import Form, ItemExposure
from assessments.models.items import AnswerKey, Item, ItemState, ItemUse, ItemVersion
from assessments.operations.counting_exposure import call_for_count, count_all_forms, count_forms
from assessments.operations.publishing import publish_items
from assessments.operations.starting import start_attempt
from assessments.queries.exposure import first_day, get_counts
from assessments.queries.supplies import get_supply
from assessments.queries.tests import get_test
from lms.db.upsert import insert_into
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.models import OutboxMessage
from lms.outbox.operations import Delivery
from tests.assessments.factories import BANK, CONTENT, make_bank, make_draft, make_test, sit
from tests.assessments.test_races import at_once
from tests.people import make_person
from tests.statements import counted

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=10)


def items_of(session, attempt_id) -> set[str]:
    return set(
        session.scalars(
            select(Item.identifier)
            .join(ItemVersion, ItemVersion.item_id == Item.id)
            .join(FormItem, FormItem.item_version_id == ItemVersion.id)
            .where(FormItem.attempt_id == attempt_id)
        )
    )


def start(session, *, at=AT, seed=None) -> set[str]:
    person = make_person(session)
    return items_of(session, start_attempt(session, test_slug=BANK, person_id=person.id, at=at, seed=seed))


@pytest.fixture
def bank(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT, per_type=6)
        make_test(session, at=AT, cool_down_hours=0)


@pytest.mark.parametrize("has_earlier", [False, True])
def test_a_start_needs_11_statements_while_the_pool_is_kept(bank, database, has_earlier):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session)
        start(session)
        if has_earlier:
            sit(session, person_id=person.id, at=AT, right=0)
    with counted(database) as sent, database.transaction(PUBLIC_ORGANISATION_ID) as session:
        start_attempt(session, test_slug=BANK, person_id=person.id, at=AT + timedelta(seconds=1))

    assert len(sent) <= 11 + has_earlier
    assert not any("item_exposure" in statement for statement in sent)


@pytest.mark.parametrize("table", ["form_item", "response"])
def test_sqlite_finds_what_belongs_to_one_attempt_by_its_key_and_not_by_its_organisation(database, table):
    if database.engine.dialect.name != "sqlite":
        return
    with database.engine.connect() as connection:
        asked = text(f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE attempt_id = 1 AND organisation_id = 2")
        (plan,) = connection.execute(asked).all()

    assert "(attempt_id=?)" in plan.detail


def test_a_second_try_at_any_test_of_the_bank_has_what_the_person_has_not_seen(bank, session):
    person = make_person(session)
    first = items_of(session, sit(session, person_id=person.id, at=AT, right=0))
    second = items_of(session, sit(session, person_id=person.id, at=LATER, right=0))
    third_id = sit(session, person_id=person.id, at=LATER + timedelta(minutes=40), right=0)

    assert not first & second
    assert items_of(session, third_id) == {f"{type}-{n}" for type in CONTENT for n in range(1, 7)} - first - second
    assert session.get_one(Form, third_id).seen_again == 0


def test_a_form_that_cannot_be_new_says_how_much_was_seen_before(session):
    make_bank(session, at=AT, per_type=3)
    make_test(session, at=AT, cool_down_hours=0)
    person = make_person(session)
    first = items_of(session, sit(session, person_id=person.id, at=AT, right=0))
    again_id = sit(session, person_id=person.id, at=LATER, right=0)

    assert len(items_of(session, again_id) & first) == session.get_one(Form, again_id).seen_again == 4


def test_nothing_is_drawn_after_it_was_retired_or_moved_though_the_pool_is_kept(bank, database):
    gone = ["choice-1", "choice-2", "choice-3", "choice-4"]
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        start(session)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(Item).where(Item.identifier.in_(gone)).values(state=ItemState.RETIRED))
        session.execute(update(Item).where(Item.identifier == "claim-verdict-1").values(use=ItemUse.PRACTICE))

    for seed in range(12):  # at the same instant, so that what is kept does not grow old
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            drawn = start(session, seed=seed)
        assert not drawn & {*gone, "claim-verdict-1"}
        assert {"choice-5", "choice-6"} <= drawn


def test_a_key_that_was_replaced_is_pinned_in_its_new_version_at_once(bank, session):
    for seed in range(4):
        start(session, seed=seed)
    drafts = [make_draft(f"choice-{n}", key={"choices": ["c"]}) for n in range(1, 7)]
    publish_items(session, bank=BANK, drafts=drafts, at=AT, is_whole_bank=False)

    person = make_person(session)
    attempt_id = start_attempt(session, test_slug=BANK, person_id=person.id, at=AT)
    keys = session.scalars(
        select(AnswerKey.is_current)
        .join(FormItem, FormItem.answer_key_id == AnswerKey.id)
        .where(FormItem.attempt_id == attempt_id)
    ).all()
    assert keys == [True] * 8


def test_a_new_item_is_drawn_a_minute_later_at_the_latest(bank, session):
    for seed in range(3):
        start(session, seed=seed)
    publish_items(session, bank=BANK, drafts=[make_draft("choice-new")], at=AT, is_whole_bank=False)

    assert any("choice-new" in start(session, at=AT + timedelta(minutes=1), seed=seed) for seed in range(30))


def test_practice_items_never_enter_a_form(bank, session):
    publish_items(
        session,
        bank=BANK,
        drafts=[make_draft(f"practised-{n}", use=ItemUse.PRACTICE) for n in range(40)],
        at=AT,
        is_whole_bank=False,
    )
    drawn = set().union(*(start(session, seed=seed) for seed in range(25)))

    assert drawn == {f"{type}-{n}" for type in CONTENT for n in range(1, 7)}


def test_a_form_can_be_drawn_again_from_what_is_recorded(bank, session):
    make_person(session)
    person = make_person(session)
    attempt_id = start_attempt(session, test_slug=BANK, person_id=person.id, at=AT)
    attempt, form = session.get_one(Attempt, attempt_id), session.get_one(Form, attempt_id)

    supply = get_supply(session, get_test(session, BANK), at=AT, is_fresh=True)
    again = draw_form(supply.supply, attempt.seed)

    assert (form.forms_counted, form.counted_at, form.is_counted) == (0, None, False)
    assert {item.identifier for item in again.items} == items_of(session, attempt_id)


def test_forms_are_counted_once_and_by_day(bank, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        drawn = [start(session, seed=seed) for seed in range(5)]
        drawn += [start(session, at=AT + timedelta(days=1), seed=seed) for seed in range(5, 8)]
        test = get_test(session, BANK)

    assert count_all_forms(database, organisation_id=PUBLIC_ORGANISATION_ID, at=LATER) == 8
    assert count_all_forms(database, organisation_id=PUBLIC_ORGANISATION_ID, at=LATER) == 0
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        counts = get_counts(session, test_id=test.id, since=first_day(AT))
        second_day = get_counts(session, test_id=test.id, since=AT.date() + timedelta(days=1))
    assert counts.exposure.forms == 8
    assert counts.exposure.shown == Counter(name for form in drawn for name in form)
    assert counts.counted_at == LATER
    assert second_day.exposure.forms == 3
    assert second_day.exposure.shown == Counter(name for form in drawn[5:] for name in form)


def test_sixteen_who_count_at_once_count_everything_once(bank, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for seed in range(12):
            start(session, seed=seed)

    def count():
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            return count_forms(session, at=LATER, most=3)

    counts = at_once([count] * 16)

    rest = count_all_forms(database, organisation_id=PUBLIC_ORGANISATION_ID, at=LATER)
    assert sum(counts) + rest == 12
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert session.scalar(select(func.sum(ItemExposure.shown))) == 12 * 8


def test_items_that_were_tried_out_are_counted_apart(session):
    make_bank(session, at=AT, per_type=3)
    make_test(session, at=AT, pilot_items=1)
    session.execute(update(Item).where(Item.identifier == "choice-1").values(state=ItemState.PILOT))
    start(session)
    count_forms(session, at=AT)

    counts = get_counts(session, test_id=get_test(session, BANK).id, since=first_day(AT))

    assert counts.tried_out == {"choice-1": 1}
    assert "choice-1" not in counts.exposure.shown


def test_what_was_shown_often_is_drawn_less_once_it_is_counted(bank, session):
    start(session)
    test = get_test(session, BANK)
    worn = session.scalars(select(Item).where(Item.identifier == "choice-1")).one()
    for seed in range(30):
        start(session, seed=seed)
    count_forms(session, at=AT)
    session.execute(
        insert_into(session, ItemExposure)
        .values(
            organisation_id=PUBLIC_ORGANISATION_ID,
            test_id=test.id,
            day=AT.date(),
            item_id=worn.id,
            shown=30,
            tried_out=0,
        )
        .on_conflict_do_update(index_elements=["test_id", "day", "item_id"], set_={"shown": 30})
    )

    assert not any("choice-1" in start(session, at=LATER, seed=seed) for seed in range(10))


def test_a_start_asks_for_a_count_and_only_once_a_minute(bank, database, app):
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for seconds in (0, 1, 59, 61):
            call_for_count(session, at + timedelta(seconds=seconds))
        messages = session.scalars(
            select(OutboxMessage).where(OutboxMessage.topic == "forms.count").order_by(OutboxMessage.due_at)
        ).all()
        dues = [message.due_at - at for message in messages]
        start(session)
        delivery = Delivery(messages[0].id, PUBLIC_ORGANISATION_ID, "forms.count", {}, 1)
    app.extensions["assay.handlers"].of("forms.count")(delivery)

    assert dues == [timedelta(seconds=75), timedelta(seconds=136)]
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert session.scalars(select(Form.is_counted)).all() == [True]


def test_must_include_and_never_together_hold_in_real_attempts(bank, session):
    test = get_test(session, BANK)
    document = dict(test.document) | {
        "must_include": ["choice-1"],
        "never_together": [["choice-1", "choice-2"], ["claim-verdict-1", "span-highlight-1", "rubric-score-1"]],
    }
    make_test(session, at=AT, cut_score=Fraction(3, 4), further=document)

    for seed in range(25):
        drawn = start(session, seed=seed)
        assert "choice-1" in drawn
        assert "choice-2" not in drawn
        assert len(drawn & {"claim-verdict-1", "span-highlight-1", "rubric-score-1"}) <= 1
