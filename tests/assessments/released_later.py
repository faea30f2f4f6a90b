"""A test whose results wait for a date or for a manager, and people who sat it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from assessments.operations.publishing_tests import publish_test
from assessments.queries.tests import get_test
from tests.assessments.factories import BANK, make_bank, make_test


def make_test_released(session: Session, *, at: datetime, release: str | dict[str, str], **terms: Any) -> None:
    """The ferry test on its bank, with this policy of release."""
    make_bank(session, at=at)
    make_test(session, at=at, **terms)
    state_release(session, release, at=at)


def state_release(session: Session, release: str | dict[str, str], *, at: datetime, slug: str = BANK) -> None:
    """Publish the terms of a test anew with this policy."""
    test = get_test(session, slug)
    publish_test(
        session,
        slug=slug,
        title=test.title,
        summary=test.summary,
        limit=test.limit,
        cut_score=test.cut_score,
        document={**test.document, "release": release},
        at=at,
    )
