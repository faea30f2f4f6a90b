"""The progress of a calibration round, laid out for a page: first tries in order against the agreement to reach."""

from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.domain.calibration import Reason, Standing, agreement_of
from assessments.domain.item_types import item_type
from assessments.queries.calibration import Round


@dataclass(frozen=True, slots=True)
class TryRow:
    """One first try; `agreement` (0 to 1) is the mean over the window that ends with it, `is_counted` says that it
    is among the last ones, which count now. A try that no program can score has neither points nor agreement."""

    number: int
    kind: str
    points: Fraction | None
    agreement: Fraction | None
    is_counted: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """A round in figures. `next_number` is the item to go on with, None when the round is over."""

    number: int
    standard_agreement: Fraction
    window: int
    rows: list[TryRow]
    standing: Standing
    length: int
    left: int
    is_reached: bool
    next_number: int | None
    remaining: str

    @property
    def slots(self) -> int:
        """The places of the chart: one a try, and at least those that the window needs."""
        return max(len(self.rows), self.window)


def progress_of(current: Round) -> Progress:
    """Lay out a round."""
    standard, standing = current.summary.standard, current.standing
    is_reached = current.summary.reached_at is not None
    return Progress(
        number=current.summary.number,
        standard_agreement=standard.agreement,
        window=standard.window,
        rows=_rows(current),
        standing=standing,
        length=current.length,
        left=len(current.left),
        is_reached=is_reached,
        next_number=len(current.tries) + 1 if current.is_open else None,
        remaining="" if is_reached else _what_remains(standing, len(current.left)),
    )


def _rows(current: Round) -> list[TryRow]:
    window = current.summary.standard.window
    first_counted = len(current.points) - window
    rows: list[TryRow] = []
    points: list[Fraction] = []
    for made in current.tries:
        kind = _(item_type(current.versions[made.version_id].type).title)
        if made.points is None:
            rows.append(TryRow(made.number, kind, None, None, False))
            continue
        is_counted = len(points) >= first_counted
        points.append(made.points)
        rows.append(TryRow(made.number, kind, made.points, agreement_of(points, window), is_counted))
    return rows


def _what_remains(standing: Standing, left: int) -> str:
    """What keeps the agreement from being reached, and what would reach it, in sentences."""
    if not left:
        return str(_("All gold items are tried. A new round begins them anew, in another order."))
    if standing.fewest_more is None:
        sentence = ngettext(
            "The agreement cannot be reached in this round any more. %(num)s item is left to learn from; then begin a "
            "new round.",
            "The agreement cannot be reached in this round any more. %(num)s items are left to learn from; then begin "
            "a new round.",
            left,
        )
    elif Reason.BELOW_AGREEMENT not in standing.reasons:
        sentence = ngettext(
            "So far you agree; %(num)s more try is needed before it counts.",
            "So far you agree; %(num)s more tries are needed before it counts.",
            standing.fewest_more,
        )
    else:
        sentence = ngettext(
            "%(num)s more try reaches it if it is fully right.",
            "%(num)s more tries reach it if all are fully right.",
            standing.fewest_more,
        )
    return str(sentence)
