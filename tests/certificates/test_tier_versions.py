"""Versions of what tiers ask for: made by a change, with a grace for holders, and left alone by files loaded again."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from certificates.domain.entitlements import Outcome
from certificates.domain.requirements import AllOf, HoldsAchievement, Source
from certificates.models.certificates import Certificate
from certificates.models.tiers import Tier
from certificates.operations.publishing import publish_tiers
from certificates.operations.tier_versions import add_tier_version
from certificates.queries.tiers import list_public_tiers, list_tiers
from lms.errors import Invalid, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK
from tests.certificates.factories import make_tier_draft
from tests.certificates.vendors import (
    FERRY,
    HARBOUR,
    LATER,
    change,
    check,
    join,
    make_public_catalogue,
    make_qualified,
    make_tier,
    make_vendor,
    outcome_of,
    tier_id_of,
    versions_of,
)
from tests.people import make_person


@pytest.fixture
def vendor(database) -> UUID:
    """A vendor whose tier `boats` asks for the public ferry certificate."""
    make_public_catalogue(database)
    organisation_id = make_vendor(database)
    with database.transaction(organisation_id) as session:
        make_tier(session)
    return organisation_id


def test_a_change_makes_a_version_and_the_same_again_none(database, vendor):
    assert change(database, vendor, AllOf((FERRY, HARBOUR))) == 2
    assert change(database, vendor, AllOf((FERRY, HARBOUR))) is None
    with database.reading(vendor) as session:
        first, second = versions_of(session, tier_id_of(session, "boats"))

    assert (first.is_current, second.is_current) == (False, True)
    assert (first.grace_until, second.reason) == (None, "The work has changed.")


def test_holders_keep_the_tier_through_the_grace_and_newcomers_do_not(database, vendor):
    holder = join(database, vendor, make_qualified(database))
    change(database, vendor, AllOf((FERRY, HARBOUR)))
    newcomer = join(database, vendor, make_qualified(database, name="Grace Hopper"))
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        late = {"issued_at": LATER + timedelta(minutes=1)}
        session.execute(update(Certificate).where(Certificate.person_id == newcomer).values(late))
    now = LATER + timedelta(days=1)

    assert outcome_of(database, vendor, holder, at=now) is Outcome.PROVISIONAL
    assert check(database, vendor, holder, at=now)[holder].expires_at == LATER + timedelta(days=30)
    assert outcome_of(database, vendor, newcomer, at=now) is Outcome.DENY
    assert outcome_of(database, vendor, holder, at=LATER + timedelta(days=30)) is Outcome.DENY


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": "  "}, "why the requirements change"),
        ({"grace_until": LATER}, "must end later"),
        ({"requirement": HoldsAchievement(Source.OWN, BANK)}, "certifies nothing"),
        ({"requirement": HoldsAchievement(Source.PUBLIC, "nothing")}, "certifies nothing"),
    ],
)
def test_a_version_that_cannot_hold_is_refused_with_the_reason(database, vendor, given, said):
    facts = {"requirement": HARBOUR, "reason": "Because.", "grace_until": None, "created_by": None, "at": LATER}
    with pytest.raises(Invalid, match=said), database.transaction(vendor) as session:
        add_tier_version(session, tier_id=tier_id_of(session, "boats"), **(facts | given))


def test_nobody_changes_a_tier_of_another_organisation(database, vendor):
    with database.reading(vendor) as session:
        tier_id = tier_id_of(session, "boats")
    other = make_vendor(database, slug="other")

    with pytest.raises(NotFound), database.transaction(other) as session:
        add_tier_version(
            session, tier_id=tier_id, requirement=FERRY, reason="-", grace_until=None, created_by=None, at=LATER
        )


def test_loading_files_again_changes_nothing_and_leaves_what_people_changed(database, vendor):
    change(database, vendor, HARBOUR)
    with database.transaction(vendor) as session:
        tier_id = make_tier(session)
        assert [version.number for version in versions_of(session, tier_id)] == [1, 2, 3]
    with database.transaction(vendor) as session:
        make_tier(session)
        assert len(versions_of(session, tier_id)) == 3


def test_loading_files_does_not_undo_a_version_that_a_person_made(database, vendor):
    with database.transaction(vendor) as session:
        tier_id, author_id = tier_id_of(session, "boats"), make_person(session).id
        add_tier_version(
            session,
            tier_id=tier_id,
            requirement=HARBOUR,
            reason="We need lawyers.",
            grace_until=None,
            created_by=author_id,
            at=LATER,
        )
        make_tier(session)
        assert [version.created_by for version in versions_of(session, tier_id)] == [None, author_id]


def test_a_tier_that_leaves_the_files_is_withdrawn_and_one_that_people_made_stays(database, vendor):
    with database.transaction(vendor) as session:
        author_id = make_person(session).id
        session.execute(update(Tier).where(Tier.slug == "boats").values(made_by=author_id))
        publish_tiers(session, drafts=[make_tier_draft("ships")], at=LATER)
        assert publish_tiers(session, drafts=[], at=LATER) == 1
        assert [tier.slug for tier in list_tiers(session)] == ["boats"]
    with database.transaction(vendor) as session:
        publish_tiers(session, drafts=[make_tier_draft("ships")], at=LATER)
        assert {tier.slug for tier in list_tiers(session)} == {"boats", "ships"}


def test_a_vendor_sees_the_tiers_of_the_public_catalogue_beside_its_own(database, vendor):
    with database.reading(vendor) as session:
        assert [tier.name for tier in list_tiers(session)] == ["boats"]
        assert [tier.name for tier in list_public_tiers(session)] == [
            "public/generalist",
            "public/pilot",
            "public/admiral",
        ]
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert list_public_tiers(session) == ()
