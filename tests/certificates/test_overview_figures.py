"""What the overview says of a crowd is what counting its people one by one says, without those elsewhere."""

from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import delete, select, update

from assessments.models.attempts import AttemptState
from certificates.domain.standing import CertificateState
from certificates.models.achievements import AchievementVersion
from certificates.queries.overview import Shown, count_expiring, count_stages, list_pass_rates, list_times
from courses.models.cohorts import Cohort
from courses.operations.cohorts import CohortTerms, make_cohort
from lms.accounts.models import Membership
from lms.members.models import Invitation
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.crowds import make_crowd
from tests.certificates.factories import AT, make_office
from tests.courses.shelves import make_course
from tests.organisations import make_organisation

SINCE, UNTIL = AT - timedelta(days=60), AT - timedelta(days=20)


def make_ground(session):
    make_office(session)
    make_course(session)
    terms = CohortTerms("Spring", AT - timedelta(days=99), AT + timedelta(days=90))
    make_cohort(session, slug="spring", terms=terms, actor_id=None, at=AT)


@pytest.fixture(params=range(4))
def crowd(request, database):
    """Sixty people here, and others elsewhere, who are nothing to the figures."""
    chance, elsewhere = Random(request.param), make_organisation(database)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(delete(Membership).where(Membership.person_id == elsewhere.manager_id))
    for organisation_id, size in ((elsewhere.id, 15), (PUBLIC_ORGANISATION_ID, 60)):
        with database.transaction(organisation_id) as session:
            make_ground(session)
            walkers = make_crowd(session, organisation_id=organisation_id, size=size, chance=chance, at=AT)
    return walkers


def shown_of(session, name):
    """The filter of this name, and who of a crowd it shows."""
    if name == "cohort":
        return Shown(cohort=(session.scalars(select(Cohort.id)).one(), "spring")), lambda one: one.is_in_cohort
    if name == "days":
        return Shown(joined_from=SINCE, joined_until=UNTIL), lambda one: SINCE <= one.joined_at < UNTIL
    return Shown(), lambda one: True


@pytest.mark.parametrize("name", ["everybody", "cohort", "days"])
def test_the_figures_are_those_of_counting_people_one_by_one(database, crowd, name):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        shown, is_shown = shown_of(session, name)
        stages = count_stages(session, shown)
        rates = list_pass_rates(session, shown)
        times = list_times(session, shown)
        weeks = count_expiring(session, shown, at=AT)
        names = session.scalars(select(AchievementVersion.name)).all()
    people = [one for one in crowd if one.joined_at and is_shown(one)]

    assert {stage: stages[stage] for stage in list(stages)[1:]} == plain_stages(people)
    assert [(rate.share.part, rate.share.whole) for rate in rates] == plain_rates(people)
    assert {one.name: quartiles_in(one.quartiles) for one in times} == plain_times(people, names)
    assert [week.expiring for week in weeks] == plain_weeks(people)


def test_invited_are_those_who_joined_and_mails_that_nobody_accepted(database, crowd):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        waiting = session.scalars(select(Invitation.id).order_by(Invitation.id)).all()
        session.execute(update(Invitation).where(Invitation.id.in_(waiting[:3])).values(uses=1))
        stages = count_stages(session, Shown())

    assert stages["invited"] - stages["joined"] == len(waiting) - 3 > 0


def plain_stages(people):
    def counts(one):
        return [sitting for sitting in one.sittings if sitting["state"] != AttemptState.VOIDED]

    held = (CertificateState.VALID, CertificateState.SUSPENDED)
    return {
        "joined": len(people),
        "started": sum(bool(one.finished_lesson or counts(one)) for one in people),
        "attempted": sum(bool(counts(one)) for one in people),
        "passed": sum(any(each["has_passed"] and each["released_at"] for each in counts(one)) for one in people),
        "certified": sum(any(each["state"] in held for each in one.certificates) for one in people),
        "open": sum(one.is_open for one in people),
    }


def plain_rates(people):
    first = [each for one in people for each in one.sittings if each["number"] == 1]
    told = [each["has_passed"] for each in first if each["state"] == AttemptState.GRADED and each["released_at"]]
    return [(sum(told), len(told))] if told else []


def plain_times(people, names):
    found = {}
    for name in names:
        firsts = [(min(issued), one.joined_at) for one in people if (issued := issued_to(one, name))]
        lengths = sorted(issued_at - joined_at for issued_at, joined_at in firsts if issued_at >= joined_at)
        if lengths:
            places = [-(-len(lengths) * quarter // 4) - 1 for quarter in (1, 2, 3)]
            found[name] = (len(lengths), *[lengths[place] for place in places])
    return found


def plain_weeks(people):
    starts = [AT + timedelta(weeks=week) for week in range(14)]
    held = [each for one in people for each in one.certificates if each["state"] == CertificateState.VALID]
    return [sum(start <= each["valid_until"] < end for each in held) for start, end in pairwise(starts)]


def issued_to(one, name):
    return [each["issued_at"] for each in one.certificates if each["name"] == name]


def quartiles_in(quartiles):
    return (quartiles.count, quartiles.first, quartiles.median, quartiles.third)
