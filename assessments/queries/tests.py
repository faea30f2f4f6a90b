"""Tests: their terms as everybody may read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assessments.domain.eligibility import RetakePolicy
from assessments.domain.forms import Blueprint, Section
from assessments.domain.release import ReleasePolicy, release_policy
from assessments.domain.renewal_terms import renewal_hash, renewal_percent
from assessments.domain.scores import exact
from assessments.models.tests import Test, TestVersion
from lms.errors import NotFound
from lms.organisations.editions import kept


@dataclass(frozen=True, slots=True)
class TestSummary:
    """The terms of a test as everybody may read them."""

    id: UUID
    version_id: UUID
    slug: str
    title: str
    summary: str
    limit: timedelta
    cut_score: Fraction
    document: Mapping[str, Any]

    @property
    def sections(self) -> tuple[Section, ...]:
        return tuple(Section(**section) for section in self.document["sections"])

    @property
    def blueprint(self) -> Blueprint:
        """What every form of the test holds, and the bounds of exposure."""
        exposure = self.document.get("exposure") or {}
        return Blueprint(
            self.sections,
            frozenset(self.document.get("must_include") or ()),
            tuple(frozenset(group) for group in self.document.get("never_together") or ()),
            exposure.get("cap"),
            exposure.get("overlap"),
        )

    @property
    def skill_titles(self) -> dict[str, str]:
        return {skill["id"]: skill["title"] for skill in self.document["skills"]}

    @property
    def item_count(self) -> int:
        return sum(section.count for section in self.sections)

    @property
    def bank(self) -> str:
        """The bank that forms are drawn from."""
        return str(self.document.get("bank") or self.slug)

    @property
    def agreement_floor(self) -> Fraction | None:
        """The least agreement (0 to 1) that must be recorded for a key to be scored here; None asks for none."""
        floor = self.document.get("agreement_floor")
        return None if floor is None else exact(floor)

    @property
    def pilot_items(self) -> int:
        """How many unscored items every form tries out besides."""
        return int(self.document.get("pilot_items", 0))

    @property
    def release(self) -> ReleasePolicy:
        """When results are told."""
        return release_policy(self.document.get("release"))

    @property
    def minutes(self) -> int:
        return int(self.limit.total_seconds()) // 60

    @property
    def tries(self) -> int:
        return int(self.document["retake"]["tries"])

    @property
    def cool_down_hours(self) -> int:
        return int(self.document["retake"]["cool_down_hours"])

    @property
    def window_days(self) -> int:
        return int(self.document["retake"]["window_days"])

    @property
    def study_first(self) -> bool:
        """Whether the lessons of weak skills come before another try."""
        return bool(self.document["retake"].get("study_first", False))

    @property
    def renewal_percent(self) -> int | None:
        """The share of the questions and of the time (percent) that a renewal has; None: it is the whole test."""
        return renewal_percent(self.document)

    @property
    def retake_policy(self) -> RetakePolicy:
        return RetakePolicy(
            tries=self.tries,
            window=timedelta(days=self.window_days),
            cool_down=timedelta(hours=self.cool_down_hours),
        )


def find_test(session: Session, slug: str) -> TestSummary | None:
    """The current terms of a test."""
    return kept(session, ("test", slug), lambda: _load_test(session, slug))


def _load_test(session: Session, slug: str) -> TestSummary | None:
    row = session.execute(_current().where(Test.slug == slug)).one_or_none()
    return _summary(*row) if row else None


def get_test(session: Session, slug: str) -> TestSummary:
    """Raises NotFound."""
    test = find_test(session, slug)
    if test is None:
        raise NotFound("There is no test at this address.")
    return test


def get_terms(session: Session, version_id: UUID) -> TestSummary:
    """The terms of one version, current or not."""

    def load() -> TestSummary:
        return _summary(*session.execute(_all().where(TestVersion.id == version_id)).one())

    return kept(session, ("terms", version_id), load)


def get_renewal_terms(session: Session, test: TestSummary) -> TestSummary:
    """The terms under which somebody who passed sits the test anew: those published beside these, or these."""
    if test.renewal_percent is None:
        return test

    def load() -> TestSummary:
        said = session.scalars(select(TestVersion.content_hash).where(TestVersion.id == test.version_id)).one()
        beside = _all().where(Test.id == test.id, TestVersion.content_hash == renewal_hash(said))
        return _summary(*session.execute(beside).one())

    return kept(session, ("renewal-terms", test.version_id), load)


def list_tests(session: Session) -> list[TestSummary]:
    """The current terms of every test, by title."""
    return [_summary(*row) for row in session.execute(_current().order_by(TestVersion.title))]


def page_tests(session: Session, *, after: str | None, limit: int) -> list[TestSummary]:
    """The current terms of tests by slug, from the one after `after` on."""
    wanted = _current().order_by(Test.slug).limit(limit)
    if after is not None:
        wanted = wanted.where(Test.slug > after)
    return [_summary(*row) for row in session.execute(wanted)]


def _all() -> Select[Test, TestVersion]:
    return select(Test, TestVersion).join(TestVersion, TestVersion.test_id == Test.id)


def _current() -> Select[Test, TestVersion]:
    return _all().where(TestVersion.is_current)


def _summary(test: Test, version: TestVersion) -> TestSummary:
    return TestSummary(
        id=test.id,
        version_id=version.id,
        slug=test.slug,
        title=version.title,
        summary=version.summary,
        limit=timedelta(seconds=version.limit_seconds),
        cut_score=version.cut_score,
        document=version.document,
    )
