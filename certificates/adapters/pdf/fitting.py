"""Decides how closely a page is set: measures what was laid out, and says which part to set closer."""

from weasyprint import Document

from certificates.adapters.pdf.page import CLOSEST, Density, Look
from certificates.adapters.pdf.sheets import TOP

_PIXELS = 96 / 25.4  # of CSS in a millimetre


def closer_than(density: Density, document: Document, look: Look) -> Density:
    """The density to try next; the same one when all fits, or nothing can be set closer.

    Side by side, statement and evidence take no room from each other; one above the other, both make room.
    """
    statement_runs_over, evidence_runs_over = _overflows(document, look)
    runs_over = statement_runs_over or evidence_runs_over
    return Density(
        _next(density.statement, statement_runs_over if look.sheet.is_wide else runs_over),
        _next(density.evidence, evidence_runs_over if look.sheet.is_wide else runs_over),
    )


def _overflows(document: Document, look: Look) -> tuple[bool, bool]:
    """Whether statement and evidence reach into the foot, or beyond the first page."""
    statement_most, evidence_most = look.sheet.most_height(has_signatories=look.has_signatories)
    statement_ends = _end(document, look, ("main",))
    evidence_ends = _end(document, look, ("skills", "result"))
    return statement_ends > statement_most, evidence_ends > evidence_most


def _end(document: Document, look: Look, kinds: tuple[str, ...]) -> float:
    """How far down from the top margin elements of these classes reach, in millimetres."""
    ends = [
        look.sheet.height if number else (box.position_y + box.margin_height()) / _PIXELS - TOP
        for number, page in enumerate(document.pages)
        for box in page._page_box.descendants()  # WeasyPrint has no other way to say where a box ended
        if box.element is not None and box.element.get("class") in kinds
    ]
    return max(ends)


def _next(density: int, runs_over: bool) -> int:
    return min(density + 1, CLOSEST) if runs_over else density
