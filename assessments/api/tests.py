"""Tests in the API: their terms as everybody may read them, and never a question."""

from pydantic import Field
from sqlalchemy.orm import Session

from assessments.api.blueprint import assessments_api
from assessments.queries.tests import TestSummary, get_test, page_tests
from lms.api.endpoints import endpoint
from lms.api.pages import Page, PageQuery, page_of, read_cursor
from lms.api.scopes import Scope
from lms.api.shapes import Shape
from lms.errors import NotFound
from lms.web.transactions import reading


class SkillNamed(Shape):
    """A skill that a test measures."""

    skill: str
    title: str


class RetakeTerms(Shape):
    """How often, and how soon after a failed try, a test may be sat."""

    tries: int
    window_days: int
    cool_down_hours: int


class TestShown(Shape):
    """The present terms of a qualification test."""

    slug: str = Field(examples=["fact-versus-fiction"])
    title: str
    summary: str
    minutes: int = Field(description="The time limit.")
    questions: int = Field(description="How many scored questions a form holds.")
    cut_score: float = Field(ge=0, le=1, description="The share of the points from which on it is passed.")
    skills: list[SkillNamed]
    retake: RetakeTerms


class NoSuchTest(NotFound):
    """There is no test of this name in the organisation."""

    code = "unknown-test"


@endpoint(
    assessments_api,
    "GET",
    "/tests",
    scope=Scope.TESTS_READ,
    summary="List the tests",
    query=PageQuery,
    answer=Page[TestShown],
    tag="Tests",
)
def list_tests(*, query: PageQuery) -> Page[TestShown]:
    """The qualification tests of the organisation, by slug."""
    after = read_cursor(query.after, str)
    with reading() as session:
        rows = page_tests(session, after=after[0] if after else None, limit=query.limit + 1)
        return Page[TestShown](**page_of(rows, limit=query.limit, shape=_shown, place=lambda test: [test.slug]))


@endpoint(
    assessments_api,
    "GET",
    "/tests/<slug>",
    scope=Scope.TESTS_READ,
    summary="Read a test",
    answer=TestShown,
    refusals=(NoSuchTest,),
    parameters={"slug": "The test’s name in addresses."},
    tag="Tests",
)
def read_test(*, slug: str) -> TestShown:
    """The terms under which the test is sat today. Attempts keep the terms that they were begun under."""
    with reading() as session:
        return _shown(_get(session, slug))


def _get(session: Session, slug: str) -> TestSummary:
    try:
        return get_test(session, slug)
    except NotFound as missing:
        raise NoSuchTest("There is no test of this name.") from missing


def _shown(test: TestSummary) -> TestShown:
    return TestShown(
        slug=test.slug,
        title=test.title,
        summary=test.summary,
        minutes=test.minutes,
        questions=test.item_count,
        cut_score=float(test.cut_score),
        skills=[SkillNamed(skill=skill, title=title) for skill, title in test.skill_titles.items()],
        retake=RetakeTerms(tries=test.tries, window_days=test.window_days, cool_down_hours=test.cool_down_hours),
    )
