"""Feedback on a rewrite: each check passed or not, what was changed, and what the program cannot judge."""

from dataclasses import dataclass

from flask_babel import gettext as _

from assessments.domain.rewritten import changes, is_unchanged
from assessments.domain.schemas.rewrite import Check, RewriteContent, RewriteKey, RewriteResponse, passes
from assessments.domain.scores import ItemScore, Part
from assessments.web.feedback.verdicts import verdict_of
from assessments.web.views.written_text import count_words


@dataclass(frozen=True, slots=True)
class CheckFeedback:
    """One check by its title, and whether the text passes it."""

    title: str
    is_passed: bool


def feedback(
    content: RewriteContent, key: RewriteKey, response: RewriteResponse, score: ItemScore
) -> dict[str, object]:
    """Return what the program can tell of a rewrite, and what it cannot.

    `verdict` and `points` (0 to 1) on the checks alone; the checks `to_mend` and `to_keep`, each passed or not;
    the `changes` (kind, text), None where they cannot be told; the number of `words`; `is_written`, `is_unchanged`,
    and `is_judged`, whether markers judge the rest.
    """
    text = response.text
    is_written = bool(text.strip())
    points = next(part.points for part in score.parts if part.name == "checks")
    return {
        "verdict": verdict_of(points),
        "points": points,
        "to_mend": [_tell(check, text) for check in key.must_fix],
        "to_keep": [_tell(check, text) for check in key.must_keep],
        "changes": changes(content.response, text),
        "words": count_words(text),
        "is_written": is_written,
        "is_unchanged": is_written and is_unchanged(content.response, text),
        "is_judged": bool(content.criteria),
    }


def explain(content: RewriteContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in sentences where the points came from, without saying what was to be mended."""
    by_name = {part.name: part for part in parts}
    counts = by_name["checks"].counts
    said = [_("%(mended)s of %(to_mend)s faults mended", mended=counts["mended"], to_mend=counts["to_mend"])]
    if counts["to_keep"]:
        said.append(_("%(kept)s of %(to_keep)s right things kept", kept=counts["kept"], to_keep=counts["to_keep"]))
    if "marking" in by_name:
        points = f"{int(by_name['marking'].points * 100) / 100:.2f}"
        said.append(_("%(points)s of 1 by the markers’ rubric", points=points))
    return said


def _tell(check: Check, text: str) -> CheckFeedback:
    return CheckFeedback(check.title, bool(text.strip()) and passes(check, text))
