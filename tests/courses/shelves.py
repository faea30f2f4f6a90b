"""Courses for tests, published without files."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from courses.domain.drafts import CourseDraft, Heading, LessonDraft, Segment
from courses.operations.publishing import publish_course
from lms import clock

LABEL = {
    "id": "supported",
    "title": "Supported",
    "rule": "The evidence states it.",
    "example": "An example that fits.",
    "counterexample": "An example that does not.",
    "in_doubt": "Read it again.",
}
CRITERION = {
    "id": "atomicity",
    "title": "Atomicity",
    "question": "One statement a line?",
    "levels": [{"level": 1, "descriptor": "Hardly ever."}, {"level": 2, "descriptor": "Always."}],
    "in_doubt": "Cut in halves.",
}


def make_lesson(slug: str) -> LessonDraft:
    return LessonDraft(
        slug=slug,
        title=f"On {slug}",
        minutes=20,
        skills=("splitting",),
        segments=(Segment(html='<h2 id="s-why">Why</h2><p>Read this.</p>'), Segment(practice=f"p-{slug}")),
        headings=(Heading("s-why", "Why", 2),),
    )


def make_draft(
    slug: str = "splitting-claims",
    *,
    title: str = "Splitting claims",
    lessons: Sequence[LessonDraft] | None = None,
) -> CourseDraft:
    return CourseDraft(
        slug=slug,
        title=title,
        summary="What a claim is.",
        document={
            "outcomes": ["Split a text into claims."],
            "hours": 2.5,
            "language": "en",
            "licence": "CC BY 4.0",
            "authors": ["Assay catalogue authors"],
        },
        guide={"labels": [LABEL], "categories": [], "criteria": [CRITERION]},
        lessons=tuple(lessons or [make_lesson("claims"), make_lesson("cutting"), make_lesson("sources")]),
    )


def make_course(session: Session, slug: str = "splitting-claims", **given: object) -> CourseDraft:
    """Publish a course of three lessons: claims, cutting, sources."""
    draft = make_draft(slug, **given)  # type: ignore[arg-type]  # handed on as they are
    publish_course(session, draft=draft, at=clock.now())
    return draft
