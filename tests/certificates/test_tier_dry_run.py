"""A dry run counts everybody who would gain or lose a tier, exactly, and writes nothing."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from certificates.domain.entitlements import Outcome
from certificates.domain.requirement_json import parse_requirement
from certificates.domain.requirements import HoldsAchievement, Source, WorkQuality
from certificates.domain.standing import CertificateState
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate
from certificates.models.entitlements import TierStanding
from certificates.models.sanctions import Sanction
from certificates.models.work_quality import WorkQuality as WorkRecord
from certificates.queries.tier_changes import Change, find_turned, rehearse
from lms.accounts.models import Membership, Person, PersonState
from lms.db.row_security import SETTING
from lms.db.scope import enter_organisation
from lms.members.models import Consent
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK
from tests.certificates.factories import AT, make_achievement
from tests.certificates.offices import FERRIES, LAW, open_office, tier_of
from tests.certificates.requirement_strategies import _groups
from tests.certificates.vendors import join, make_sanction, make_tier, make_vendor, make_work
from tests.statements import counted

DAY = timedelta(days=1)
NOW = AT + 100 * DAY
SLUGS, SKILLS, SCORES = (BANK, "harbour-law"), ("grounding", "spotting"), ("0", "1/3", "4/5", "1")
LEAVES = st.builds(
    HoldsAchievement,
    organisation=st.sampled_from(Source),
    slug=st.sampled_from([*SLUGS, "nobody-has-it"]),
    minimum=st.dictionaries(st.sampled_from(SKILLS), st.sampled_from([Fraction(1, 3), Fraction(4, 5)]), max_size=2),
    not_older_than_days=st.none() | st.sampled_from([1, 100, 101]),
) | st.builds(
    WorkQuality,
    skill=st.none() | st.sampled_from(SKILLS),
    at_least=st.sampled_from([Fraction(1, 3), Fraction(9, 10)]),
    tasks=st.sampled_from([1, 10, 20]),
    provisional=st.booleans(),
)
REQUIREMENTS = st.recursive(LEAVES, _groups, max_leaves=5)


@pytest.fixture
def people(database):
    return open_office(database, "Ada", "Bob", "Cleo", "Dora", "Emil")


def rehearsed(session, present, wanted, **given):
    return rehearse(session, tier_id=tier_of(session).id, present=present, wanted=wanted, at=AT, **given)


def test_it_lists_everybody_page_by_page(session, people, monkeypatch):
    monkeypatch.setattr("certificates.queries.tier_changes.PAGE", 2)
    present, wanted = parse_requirement(FERRIES), parse_requirement(LAW)
    listed, after = [], None
    while after is not None or not listed:
        page = rehearsed(session, present, wanted, after=after)
        assert (page.gains, page.losses) == (0, len(people))
        listed += [one.person_id for one in page.lines]
        after = page.next

    assert listed == people


def test_it_tells_who_would_gain(session, people):
    found = rehearsed(session, parse_requirement(LAW), parse_requirement(FERRIES))

    assert (found.gains, found.losses) == (5, 0)
    assert all(one.is_gain and one.missing is None for one in found.lines)


def test_a_tier_that_asked_for_nothing_is_gained_by_whoever_meets_it(session, people):
    assert rehearsed(session, None, parse_requirement(FERRIES)).gains == len(people)


def test_an_own_achievement_of_the_public_organisation_is_the_public_one_as_it_would_be_kept(session, people):
    assert rehearsed(session, None, HoldsAchievement(Source.OWN, BANK)).gains == len(people)


def test_it_sends_as_many_statements_for_many_people_and_leaves_as_for_one(database, people):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(Person).where(Person.id.in_(people[1:])).values(**_SUSPENDED))
    one = _statements(database, parse_requirement(LAW))
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        active = {"state": PersonState.ACTIVE, "suspension_reason": None}
        session.execute(update(Person).where(Person.id.in_(people)).values(**active))
    days = [{"kind": "achievement", "slug": "harbour-law", "not_older_than_days": day} for day in range(1, 40)]

    assert _statements(database, parse_requirement({"kind": "any_of", "parts": days})) == one


def _statements(database, wanted):
    with database.reading(PUBLIC_ORGANISATION_ID) as session, counted(database) as sent:
        assert rehearsed(session, parse_requirement(FERRIES), wanted).losses > 0
    return len([one for one in sent if SETTING not in one])


_SUSPENDED = {"state": PersonState.SUSPENDED, "suspension_reason": "testing"}


def test_it_finds_whom_judging_one_by_one_finds_whatever_is_asked_for_and_known(database):
    world = _World(database)

    @given(_worlds())
    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    def holds(drawn):
        present, wanted, known = drawn
        found, judged = world.turned(known, present, wanted)
        assert list(found.lines) == judged
        assert (found.gains, found.losses) == (
            sum(one.is_gain for one in judged),
            sum(not one.is_gain for one in judged),
        )

    holds()


GOOD = {
    **{"slug": BANK, "days": 50, "ends": 1, "state": CertificateState.VALID, "scores": {"grounding": "4/5"}},
    **{"is_own": False, "lets_see": True, "work": {}, "had_it": False, "sanction": None, "is_active": True},
}
HELD = HoldsAchievement(Source.PUBLIC, BANK)
SCORED = HoldsAchievement(Source.PUBLIC, BANK, {"grounding": Fraction(4, 5)})
RECENT = HoldsAchievement(Source.PUBLIC, BANK, {}, 100)
WORKED = WorkQuality("grounding", Fraction(9, 10), 10)
EDGES = [
    (HELD, {}, True),
    (HELD, {"lets_see": False}, False),
    (HELD, {"is_own": True}, False),
    (HoldsAchievement(Source.OWN, BANK), {"is_own": True, "lets_see": False}, True),
    (HELD, {"slug": "harbour-law"}, False),
    (HELD, {"state": CertificateState.SUSPENDED}, False),
    (HELD, {"days": 0}, True),
    (HELD, {"days": -1}, False),
    (HELD, {"ends": 0}, False),
    (HELD, {"sanction": "tier"}, False),
    (HELD, {"sanction": "all"}, False),
    (HELD, {"is_active": False}, False),
    (RECENT, {"days": 99}, True),
    (RECENT, {"days": 100}, False),
    (SCORED, {}, True),
    (SCORED, {"scores": {"grounding": "799/1000"}}, False),
    (SCORED, {"scores": {"spotting": "1"}}, False),
    (WORKED, {"work": {"grounding": (10, 9)}}, True),
    (WORKED, {"work": {"grounding": (10, 8)}}, False),
    (WORKED, {"work": {"grounding": (10, 8)}, "had_it": True}, True),
    (WORKED, {"work": {"grounding": (9, 9)}, "had_it": True}, False),
    (WORKED, {"work": {"spotting": (10, 10)}}, False),
    (WorkQuality(None, Fraction(9, 10), 20), {"work": {"spotting": (10, 9), "grounding": (10, 9)}}, True),
    (WorkQuality("grounding", Fraction(9, 10), 10, provisional=True), {"work": {"grounding": (9, 1)}}, True),
    (WorkQuality("grounding", Fraction(9, 10), 10, provisional=True), {"work": {"grounding": (10, 1)}}, False),
    (WorkQuality("grounding", Fraction(9, 10), 10, provisional=True), {}, True),
]


def test_what_counts_at_the_edges(database):
    world = _World(database)
    for wanted, said, is_met in EDGES:
        found, judged = world.turned([GOOD | said] * len(world.people), None, wanted)
        gained = {one.person_id for one in judged if one.is_gain}
        assert gained.issuperset(world.people) is is_met, (wanted, said)
        assert ({one.person_id for one in found.lines}, found.gains) == (gained, len(gained)), (wanted, said)


@st.composite
def _worlds(draw):
    """Two requirements, and what is known of each of four people."""
    known = st.fixed_dictionaries(
        {
            "slug": st.sampled_from((BANK, *SLUGS)),
            "days": st.sampled_from([-1, 0, 1, 50, 99, 100, 101]),
            "ends": st.sampled_from([1, 1, 0, -1]),
            "state": st.sampled_from([CertificateState.VALID] * 3 + [CertificateState.SUSPENDED]),
            "scores": st.dictionaries(st.sampled_from(SKILLS), st.sampled_from(SCORES), max_size=2),
            "is_own": st.booleans(),
            "lets_see": st.sampled_from([True, True, False]),
            "work": st.dictionaries(st.sampled_from(SKILLS), st.tuples(st.integers(1, 25), st.integers(0, 25))),
            "had_it": st.booleans(),
            "sanction": st.sampled_from([None] * 5 + ["all", "tier"]),
            "is_active": st.sampled_from([True] * 5 + [False]),
        }
    )
    return draw(st.none() | REQUIREMENTS), draw(REQUIREMENTS), draw(st.lists(known, min_size=4, max_size=4))


class _World:
    """A vendor with a tier, and four members whose one certificate becomes whatever is drawn."""

    def __init__(self, database):
        self.database = database
        self.people = open_office(database, "Ada", "Bob", "Cleo", "Dora")
        self.vendor = make_vendor(database)
        with database.transaction(self.vendor) as session:
            self.tier_id = make_tier(session)
            for slug in SLUGS:
                make_achievement(session, slug)
        for person_id in self.people:
            join(database, self.vendor, person_id)
        with database.reading() as session:
            found = session.execute(
                select(AchievementVersion.organisation_id, Achievement.slug, AchievementVersion.id).join(
                    Achievement, Achievement.id == AchievementVersion.achievement_id
                )
            )
            self.versions = {(of == self.vendor, slug): version for of, slug, version in found}

    def turned(self, known, present, wanted):
        """The dry run, and whom judging one by one finds."""
        with self.database.transaction() as session:
            nested = session.begin_nested()
            self.fill(session, known)
            found = rehearse(session, tier_id=self.tier_id, present=present, wanted=wanted, at=NOW)
            members = sorted(session.scalars(select(Membership.person_id)))  # who imposed a sanction is one as well
            judged = find_turned(session, members, Change(self.tier_id, present, wanted), at=NOW)
            nested.rollback()
        return found, judged

    def fill(self, session, known):
        """Of a session that has not entered an organisation; it enters the vendor's."""
        session.execute(delete(WorkRecord))
        session.execute(delete(Sanction))
        session.execute(delete(TierStanding))
        for person_id, facts in zip(self.people, known, strict=True):
            self._certify(session, person_id, facts)
            withdrawn_at = None if facts["lets_see"] else NOW
            consents = update(Consent).where(Consent.person_id == person_id, Consent.organisation_id == self.vendor)
            session.execute(consents.values(withdrawn_at=withdrawn_at))
            account = {"state": PersonState.ACTIVE, "suspension_reason": None} if facts["is_active"] else _SUSPENDED
            session.execute(update(Person).where(Person.id == person_id).values(**account))
        enter_organisation(session, self.vendor)
        for person_id, facts in zip(self.people, known, strict=True):
            self._settle(session, person_id, facts)

    def _certify(self, session, person_id, facts):
        issued_at = NOW - facts["days"] * DAY
        is_own, state = facts["is_own"], facts["state"]
        said = {
            "organisation_id": self.vendor if is_own else PUBLIC_ORGANISATION_ID,
            "achievement_version_id": self.versions[is_own, facts["slug"]],
            "issued_at": issued_at,
            "valid_until": max(NOW + facts["ends"] * DAY, issued_at + DAY / 2),
            "state": state,
            "state_reason": None if state is CertificateState.VALID else "testing",
            "skills": [{"skill": skill, "title": skill, "score": score} for skill, score in facts["scores"].items()],
        }
        session.execute(update(Certificate).where(Certificate.person_id == person_id).values(**said))

    def _settle(self, session, person_id, facts):
        """Work, a standing and a sanction, all in the eyes of the vendor."""
        for skill, (tasks, right) in facts["work"].items():
            make_work(session, person_id=person_id, skill=skill, tasks=tasks, right=min(tasks, right))
        if facts["had_it"]:
            standing = TierStanding(organisation_id=self.vendor, person_id=person_id, tier_id=self.tier_id)
            standing.outcome, standing.changed_at = Outcome.ALLOW, AT
            session.add(standing)
        if facts["sanction"]:
            tier_id = self.tier_id if facts["sanction"] == "tier" else None
            make_sanction(session, person_id=person_id, tier_id=tier_id)
