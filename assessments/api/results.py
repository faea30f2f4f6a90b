"""Results in the API: released ones of people who agreed to that, the last released first."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from assessments.api.blueprint import assessments_api
from assessments.queries.released import ReleasedResult, page_released
from lms.api.endpoints import endpoint
from lms.api.pages import Page, PageQuery, page_of, read_cursor
from lms.api.scopes import Scope
from lms.api.shapes import Instant, Shape, Slug
from lms.web.transactions import reading


class SkillScore(Shape):
    """The score in one skill, from 0 to 1."""

    skill: str
    title: str
    score: float = Field(ge=0, le=1)


class ResultShown(Shape):
    """The result of one attempt, as its person was told it. Scores are shares of the points, from 0 to 1."""

    attempt_id: UUID
    subject: UUID
    test: str = Field(examples=["fact-versus-fiction"])
    number: int = Field(ge=1, description="1 is the person’s first sitting of this test.")
    submitted_at: Instant
    released_at: Instant
    score: float = Field(ge=0, le=1)
    cut_score: float = Field(ge=0, le=1)
    has_passed: bool
    skills: list[SkillScore]


class ResultsQuery(PageQuery):
    """Which results."""

    subject: UUID | None = Field(default=None, description="Only of this person.")
    test: Slug | None = Field(default=None, description="Only of this test.")


@endpoint(
    assessments_api,
    "GET",
    "/results",
    scope=Scope.RESULTS_READ,
    summary="List released results",
    query=ResultsQuery,
    answer=Page[ResultShown],
    tag="Results",
)
def list_results(*, query: ResultsQuery) -> Page[ResultShown]:
    """Results of members who let the organisation see them, the last released first.

    Nothing of a result is here before its person was told of it. A regrade changes what is here.
    """
    after = read_cursor(query.after, datetime.fromisoformat, UUID)
    with reading() as session:
        rows = page_released(
            session,
            after=(after[0], after[1]) if after else None,
            limit=query.limit + 1,
            person_id=query.subject,
            test_slug=query.test,
        )
    return Page[ResultShown](
        **page_of(
            rows, limit=query.limit, shape=_shown, place=lambda row: [row.released_at.isoformat(), row.attempt_id]
        )
    )


def _shown(row: ReleasedResult) -> ResultShown:
    return ResultShown(
        attempt_id=row.attempt_id,
        subject=row.person_id,
        test=row.test_slug,
        number=row.number,
        submitted_at=row.submitted_at,
        released_at=row.released_at,
        score=float(row.score),
        cut_score=float(row.cut_score),
        has_passed=row.has_passed,
        skills=[SkillScore(skill=each.skill, title=each.title, score=float(each.score)) for each in row.skills],
    )
