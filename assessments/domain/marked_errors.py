"""Which errors of a text a mark means: those of its category that it reaches, else those that it lies on."""

from collections.abc import Iterable

from assessments.domain.schemas.span_highlight import KeySpan, Span
from assessments.domain.stretches import Stretch, halo


def errors_meant(mark: Span, errors: Iterable[KeySpan], *, tolerance: int, length: int) -> list[KeySpan]:
    """Return the errors of the mark's own category that it reaches; where there are none, all that it lies on.

    It reaches an error when it overlaps its halo: the error widened by `tolerance` code points, inside a text of
    `length`. Nothing is returned for a mark where there is no error. So a mark on an error inside a larger one means
    the one whose category it carries, and a mark of a wrong category means whatever it covers.
    """
    candidates = list(errors)
    own = [e for e in candidates if e.category == mark.category and _meets(mark, halo(place(e), tolerance, length))]
    return own or [error for error in candidates if _meets(mark, place(error))]


def place(span: Span) -> Stretch:
    """Return where a span stands, without its category."""
    return span.start, span.end


def _meets(mark: Span, stretch: Stretch) -> bool:
    return mark.start < stretch[1] and stretch[0] < mark.end
