"""The sheets that certificates are set on, in millimetres: page, margins, and where punches and seal stand."""

from dataclasses import dataclass

from certificates.domain.design import Orientation, Paper

POINTS = 72 / 25.4  # in a millimetre
TOP, BOTTOM = 21.0, 20.0
PROOF = 39.0  # height of the foot, which holds code, particulars and seal
SEAL = 25.0  # its side
PUNCHES = (92.0, 17.0)  # the row of punches at full size
SIGNATURES = 18.0  # height of the row of signatories
CLEAR = 3.0  # between what stands above and below each other
_SIZES = {Paper.A4: (210.0, 297.0), Paper.LETTER: (215.9, 279.4)}
_TEXT_WIDTH = 160.0  # upright; across, the margins are fixed instead
_SIDE = 25.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: sizes in millimetres, places as lower left corners from the lower left corner of the page."""

    width: float
    height: float
    side: float
    is_wide: bool
    punches_at: tuple[float, float]
    punches_scale: float
    seal_at: tuple[float, float]
    rosette_at: tuple[float, float]

    def most_height(self, *, has_signatories: bool) -> tuple[float, float]:
        """How far down from the top margin the statement and the evidence may reach."""
        above_foot = self.text_height - PROOF - CLEAR
        if self.is_wide:
            return above_foot - (SIGNATURES if has_signatories else 0), above_foot
        below = above_foot - PUNCHES[1] - CLEAR - (SIGNATURES if has_signatories else 0)
        return below, below

    @property
    def text_width(self) -> float:
        return self.width - 2 * self.side

    @property
    def text_height(self) -> float:
        return self.height - TOP - BOTTOM


def sheet_of(paper: Paper, orientation: Orientation) -> Sheet:
    """Return the sheet for a paper and the way it is held."""
    short, long = _SIZES[paper]
    return _upright(short, long) if orientation is Orientation.PORTRAIT else _wide(long, short)


def _upright(width: float, height: float) -> Sheet:
    side = (width - _TEXT_WIDTH) / 2
    return Sheet(
        width,
        height,
        side,
        is_wide=False,
        punches_at=((width - PUNCHES[0]) / 2, BOTTOM + 43),
        punches_scale=1,
        seal_at=(width - side - SEAL, BOTTOM + 7.5),
        rosette_at=(width / 2, height - 118),
    )


def _wide(width: float, height: float) -> Sheet:
    scale = 0.72
    seal_x = width - _SIDE - SEAL
    return Sheet(
        width,
        height,
        _SIDE,
        is_wide=True,
        punches_at=(seal_x - 5 - PUNCHES[0] * scale, BOTTOM + 14),
        punches_scale=scale,
        seal_at=(seal_x, BOTTOM + 7.5),
        rosette_at=(width / 2, height / 2 + 18),
    )
