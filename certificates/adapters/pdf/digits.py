"""Figures as they are cut into punches: strokes of one width, in a box 4 wide and 6.4 high around the origin."""

_RING = "-1.7 0.9 m -1.7 3.8 1.7 3.8 1.7 0.9 c 1.7 -0.9 l 1.7 -3.8 -1.7 -3.8 -1.7 -0.9 c h"
_UPPER_BOWL = "0 0.2 m -2.2 0.2 -2.2 3.1 0 3.1 c 2.2 3.1 2.2 0.2 0 0.2 c h"
_LOWER_BOWL = "0 0.2 m -2.6 0.2 -2.6 -3.1 0 -3.1 c 2.6 -3.1 2.6 0.2 0 0.2 c h"
_STROKES = {
    "0": _RING,
    "1": "-1.2 2 m 0.3 3.1 l 0.3 -3.1 l -1.2 -3.1 m 1.8 -3.1 l",
    "2": "-1.7 1.7 m -1.5 3.7 1.7 3.6 1.7 1.5 c 1.7 0 -0.6 -1.2 -1.8 -3.1 c 1.8 -3.1 l",
    "3": "-1.6 2.2 m -1 3.6 1.6 3.4 1.5 1.6 c 1.4 0.5 0.4 0.3 -0.3 0.3 c 0.6 0.3 1.8 -0.1 1.8 -1.4 c "
    "1.8 -3.6 -1.4 -3.8 -1.8 -1.9 c",
    "4": "0.9 -3.1 m 0.9 3.1 l -2 -1.3 l 2 -1.3 l",
    "5": "1.5 3.1 m -1.2 3.1 l -1.5 0.3 l -0.4 1.2 1.8 1 1.8 -1 c 1.8 -3.7 -1.4 -3.8 -1.8 -2 c",
    "6": "1.3 2.6 m 0.1 3.8 -1.8 2.6 -1.8 -0.7 c -1.8 -3.9 1.8 -3.9 1.8 -1.1 c 1.8 1.3 -1.5 1.4 -1.8 -0.9 c",
    "7": "-1.8 3.1 m 1.8 3.1 l 0.6 1 -0.3 -1 -0.5 -3.1 c",
    "8": f"{_UPPER_BOWL} {_LOWER_BOWL}",
    "9": "-1.3 -2.6 m -0.1 -3.8 1.8 -2.6 1.8 0.7 c 1.8 3.9 -1.8 3.9 -1.8 1.1 c -1.8 -1.3 1.5 -1.4 1.8 0.9 c",
}
_ADVANCE = 5.1


def struck(figures: str) -> str:
    """The path of some figures, 0 to 9, centred on the origin."""
    first = -_ADVANCE * (len(figures) - 1) / 2
    return " ".join(
        f"q 1 0 0 1 {first + _ADVANCE * place:.2f} 0 cm {_STROKES[figure]} S Q" for place, figure in enumerate(figures)
    )
