"""Publishing tests: their terms become immutable versions, by the hash of what they say."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assessments.domain.renewal_terms import renewal_hash, renewal_percent, shortened_document, shortened_limit
from assessments.models.tests import Test, TestVersion
from assessments.operations.publishing import hash_of
from lms.db.scope import organisation_of


def publish_test(
    session: Session,
    *,
    slug: str,
    title: str,
    summary: str,
    limit: timedelta,
    cut_score: Fraction,
    document: dict[str, Any],
    at: datetime,
    created_by: UUID | None = None,
    approved_by: UUID | None = None,
) -> bool:
    """Make these the current terms of a test; False when they are already.

    Where they state a shorter renewal, its terms are published beside them. Terms from files do not take the place of
    what authors made of the same files since.
    """
    seconds = int(limit.total_seconds())
    content_hash = hash_of([title, summary, seconds, str(cut_score), document])
    test = session.scalars(select(Test).where(Test.slug == slug)).one_or_none()
    if test is None:
        test = Test(organisation_id=organisation_of(session), slug=slug)
        session.add(test)
        session.flush()
    same = session.scalars(
        select(TestVersion).where(TestVersion.test_id == test.id, TestVersion.content_hash == content_hash)
    ).one_or_none()
    if same is not None and (same.is_current or (created_by is None and _was_edited(session, test.id))):
        return False
    session.execute(update(TestVersion).where(TestVersion.test_id == test.id).values(is_current=False))
    if same is not None:
        same.is_current = True
        return False
    count = session.scalar(select(func.count()).select_from(TestVersion).where(TestVersion.test_id == test.id))
    new = TestVersion(
        organisation_id=organisation_of(session),
        test_id=test.id,
        number=(count or 0) + 1,
        title=title,
        summary=summary,
        limit_seconds=seconds,
        cut_score=cut_score,
        document=document,
        content_hash=content_hash,
        is_current=True,
        created_at=at,
        created_by=created_by,
        approved_by=approved_by,
    )
    session.add(new)
    percent = renewal_percent(document)
    if percent is not None:
        session.add(_beside(new, limit, percent))
    session.flush()
    return True


def _beside(terms: TestVersion, limit: timedelta, percent: int) -> TestVersion:
    """The terms of a renewal, a version of their own: an attempt keeps what it was sat under, as any other does."""
    return TestVersion(
        organisation_id=terms.organisation_id,
        test_id=terms.test_id,
        number=terms.number + 1,
        title=terms.title,
        summary=terms.summary,
        limit_seconds=int(shortened_limit(limit, percent).total_seconds()),
        cut_score=terms.cut_score,
        document=shortened_document(terms.document, percent),
        content_hash=renewal_hash(terms.content_hash),
        is_current=False,
        created_at=terms.created_at,
        created_by=terms.created_by,
        approved_by=terms.approved_by,
    )


def _was_edited(session: Session, test_id: UUID) -> bool:
    """Whether the current terms were made in the browser."""
    current = select(TestVersion.created_by).where(TestVersion.test_id == test_id, TestVersion.is_current)
    return session.scalars(current).one_or_none() is not None
