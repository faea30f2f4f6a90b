"""Any requirement, and any facts that it can be judged by, for tests of laws."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from hypothesis import strategies as st

from certificates.domain.entitlement_facts import CertificateFact, QualityFact, SanctionFact
from certificates.domain.entitlements import AccountStanding, EarlierTerms, Inputs, Terms
from certificates.domain.requirements import AllOf, AnyOf, AtLeast, HoldsAchievement, Source, WorkQuality
from certificates.domain.standing import CertificateState

START = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)
TIER = UUID("5f0c3c3e-0000-4000-8000-000000000007")
SLUGS = st.sampled_from(["facts", "spans", "law"])
SKILLS = st.sampled_from(["grounding", "spotting"])
SOURCES = st.sampled_from(list(Source))
SCORES = st.fractions(0, 1, max_denominator=20)
POSITIVE = SCORES.filter(bool)
INSTANTS = st.integers(0, 4000).map(lambda hours: START + timedelta(hours=hours))

achievements = st.builds(
    HoldsAchievement,
    organisation=SOURCES,
    slug=SLUGS,
    minimum=st.dictionaries(SKILLS, POSITIVE, max_size=2),
    not_older_than_days=st.none() | st.integers(1, 120),
)
qualities = st.builds(
    WorkQuality,
    skill=st.none() | SKILLS,
    at_least=POSITIVE,
    tasks=st.integers(1, 60),
    provisional=st.booleans(),
)


def _groups(parts):
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    at_least = several.flatmap(lambda held: st.integers(1, len(held)).map(lambda count: AtLeast(count, held)))
    return st.builds(AllOf, several) | st.builds(AnyOf, several) | at_least


requirements = st.recursive(achievements | qualities, _groups, max_leaves=6)


@st.composite
def certificates(draw):
    issued_at = draw(INSTANTS)
    return CertificateFact(
        id=draw(st.uuids(version=4)).hex,
        organisation=draw(SOURCES),
        slug=draw(SLUGS),
        issued_at=issued_at,
        valid_until=issued_at + timedelta(hours=draw(st.integers(1, 3000))),
        state=draw(st.sampled_from([each for each in CertificateState if each is not CertificateState.ERASED])),
        score=draw(SCORES),
        skills=draw(st.dictionaries(SKILLS, SCORES, max_size=2)),
        is_under_review=draw(st.booleans()),
    )


held = st.lists(certificates(), max_size=5).map(tuple)
known_quality = st.lists(
    st.builds(
        lambda skill, estimate, tasks: QualityFact(skill, estimate, estimate, estimate, tasks),
        st.none() | SKILLS,
        SCORES,
        st.integers(1, 80),
    ),
    max_size=3,
    unique_by=lambda fact: fact.skill,
).map(tuple)
sanctions = st.lists(
    st.builds(
        SanctionFact, id=st.uuids(version=4), tier=st.sampled_from([None, TIER]), since=INSTANTS, reason=st.just("-")
    ),
    max_size=2,
).map(tuple)


@st.composite
def earlier_terms(draw):
    replaced_at = draw(INSTANTS)
    grace_until = replaced_at + timedelta(hours=draw(st.integers(1, 2000)))
    return EarlierTerms(1, draw(requirements), replaced_at, grace_until)


terms = st.builds(
    Terms, number=st.just(2), requirement=requirements, earlier=st.lists(earlier_terms(), max_size=2).map(tuple)
)
any_inputs = st.builds(
    Inputs,
    at=INSTANTS,
    action=st.just("work"),
    tier=st.just(TIER),
    account=st.sampled_from([AccountStanding.ACTIVE] * 4 + [AccountStanding.SUSPENDED]),
    is_member=st.sampled_from([True] * 5 + [False]),
    had_it=st.booleans(),
    terms=terms | st.none(),
    certificates=held,
    quality=known_quality,
    sanctions=st.just(()) | sanctions,
)


def make_fact(slug: str = "facts", **given: object) -> CertificateFact:
    """A certificate that counts, of the organisation's own."""
    facts: dict[str, object] = {
        "id": f"certificate-of-{slug}",
        "organisation": Source.OWN,
        "slug": slug,
        "issued_at": START,
        "valid_until": START + timedelta(days=730),
        "state": CertificateState.VALID,
        "score": Fraction(9, 10),
        "skills": {"grounding": Fraction(4, 5)},
    }
    return CertificateFact(**(facts | given))  # type: ignore[arg-type]  # handed on as they are


def make_inputs(**given: object) -> Inputs:
    """What a member with an account in order brings along for a tier that asks for one achievement."""
    facts: dict[str, object] = {
        "at": START + timedelta(days=10),
        "action": "work",
        "tier": TIER,
        "account": AccountStanding.ACTIVE,
        "is_member": True,
        "had_it": False,
        "terms": Terms(1, HoldsAchievement(Source.OWN, "facts")),
        "certificates": (make_fact(),),
    }
    return Inputs(**(facts | given))  # type: ignore[arg-type]  # handed on as they are
