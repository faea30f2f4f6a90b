"""Charts of the figures as small SVG files that follow the reader's light or dark setting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10
from pathlib import Path

from benchmarks.load.figures import Figures

_WIDTH, _HEIGHT = 560, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 120, 48, 44
_STYLE = """
  svg { font: 13px system-ui, sans-serif; color: #1d2733; background: #fff }
  text { fill: currentColor } .title { font-weight: 600; font-size: 15px } .faint { opacity: .65; font-size: 12px }
  .rule { stroke: currentColor; opacity: .16 } .goal { stroke: currentColor; opacity: .7; stroke-dasharray: 5 4 }
  .line { fill: none; stroke-width: 2.5; stroke-linejoin: round }
  .s0 { stroke: #0b66c2; fill: #0b66c2 } .s1 { stroke: #c2570b; fill: #c2570b }
  .line.s0, .line.s1 { fill: none }
  text.s0, text.s1 { stroke: none }
  @media (prefers-color-scheme: dark) {
    svg { color: #e6ebf0; background: #14191f }
    .s0 { stroke: #6cb2f5; fill: #6cb2f5 } .s1 { stroke: #f5a56c; fill: #f5a56c }
  }
"""


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over named places; all values in one unit, from 0 up."""

    title: str
    places: Sequence[str]
    axis: str  # what the places are
    lines: Mapping[str, Sequence[float]]
    unit: str
    goal: float | None = None


def write_charts(figures: Figures, folder: Path) -> list[Path]:
    """One file for each question that the figures answer."""
    written = []
    for name, chart in _charts(figures["databases"]).items():
        path = folder / f"bench-{name}.svg"
        path.write_text(draw(chart), encoding="utf-8")
        written.append(path)
    return written


def _charts(databases: Figures) -> dict[str, Chart]:
    rounds = {kind: found["rounds"] for kind, found in databases.items()}
    places = [str(each["learners"]) for each in next(iter(rounds.values()))]

    def lines(name: str) -> Mapping[str, Sequence[float]]:
        return {kind: [each[name] for each in found] for kind, found in rounds.items()}

    axis = "learners at the same time"
    charts = {
        "attempts": Chart("Finished attempts", places, axis, lines("attempts_per_second"), "a second", 35),
        "cpu": Chart("CPU of a finished attempt", places, axis, lines("cpu_seconds_per_attempt"), "seconds", 0.05),
        "latency": Chart(
            "Requests, 95th percentile",
            places,
            axis,
            {kind: [each["all_requests"]["p95"] for each in found] for kind, found in rounds.items()},
            "ms",
        ),
    }
    growth = {kind: found["growth"] for kind, found in databases.items() if found.get("growth")}
    for found in growth.values():
        costs = {kind: [each["cpu_seconds_per_attempt"] for each in found] for kind, found in growth.items()}
        levels = [f"{each['level']:,}" for each in found]
        charts["growth"] = Chart("CPU of a finished attempt", levels, "past attempts in the database", costs, "seconds")
    return charts


def draw(chart: Chart) -> str:
    """The chart as an SVG document."""
    top = _round_up(max([chart.goal or 0.0, *(value for line in chart.lines.values() for value in line)]))
    parts = [f'<text class="title" x="{_LEFT - 40}" y="24">{escape(chart.title)}, {escape(chart.unit)}</text>']
    parts += [_rule(top * step / 4, top) for step in range(5)]
    for number, place in enumerate(chart.places):
        parts.append(
            f'<text x="{_x(number, chart):.1f}" y="{_HEIGHT - 24}" text-anchor="middle">{escape(place)}</text>'
        )
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(f'<text class="faint" x="{middle}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(chart.axis)}</text>')
    if chart.goal is not None:
        y = _y(chart.goal, top)
        parts.append(f'<line class="goal" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="faint" x="{_WIDTH - _RIGHT + 8}" y="{y + 4:.1f}">goal {chart.goal:g}</text>')
    for number, (name, values) in enumerate(chart.lines.items()):
        parts += _line(chart, name, values, number, top)
    title = f"{chart.title}, {chart.unit}, by {chart.axis}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'role="img" aria-label="{escape(title)}"><style>{_STYLE}</style>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _line(chart: Chart, name: str, values: Sequence[float], number: int, top: float) -> list[str]:
    points = [(_x(place, chart), _y(value, top)) for place, value in enumerate(values)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    is_highest = values is max(chart.lines.values(), key=lambda line: line[-1])
    apart = -8 if is_highest else 16  # the labels of lines that end together stay apart
    return [
        f'<polyline class="line s{number}" points="{path}"/>',
        *(f'<circle class="s{number}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in points),
        f'<text class="s{number}" x="{x + 8:.1f}" y="{y + apart:.1f}">{escape(name)} {values[-1]:.3g}</text>',
    ]


def _rule(value: float, top: float) -> str:
    y = _y(value, top)
    return (
        f'<line class="rule" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="faint" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.3g}</text>'
    )


def _x(place: int, chart: Chart) -> float:
    room = _WIDTH - _LEFT - _RIGHT - 40
    return _LEFT + 20 + room * place / max(1, len(chart.places) - 1)


def _y(value: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top


def _round_up(value: float) -> float:
    """The next 1, 2, 4, 5 or 8 with zeros."""
    if value <= 0:
        return 1.0
    base = 10 ** floor(log10(value))
    return float(next(step * base for step in (1, 2, 4, 5, 8, 10) if step * base >= value))
