"""The overview: how far the organisation's people are, pass rates, time to qualify, what expires; as pages and CSV."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from certificates.queries.overview import STAGES, Shown
from certificates.queries.programmes import get_programme, list_programmes
from certificates.web.manager.overview_figures import Figures, figures_of
from certificates.web.manager.workspace import MANAGERS, workspace
from courses.queries.cohorts import CohortLine, get_cohort, list_cohorts
from lms import clock
from lms.web.csv_files import csv_answer
from lms.web.transactions import reading

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as they were sent; a day that is none is told so and not looked at."""

    cohort: str = ""
    programme: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def from_address(cls) -> "Asked":
        return cls(**{name: request.args.get(name, "").strip()[:60] for name in cls.__dataclass_fields__})

    @property
    def faults(self) -> dict[str, str]:
        said = _("Give a day, as in 2026-03-31.")
        return {name: said for name in ("since", "until") if getattr(self, name) and _day(getattr(self, name)) is None}

    def address(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if getattr(self, name)}


@workspace.get("/overview/")
@MANAGERS
def overview() -> ResponseReturnValue:
    """All of it on one page; each picture stands beside a table with its numbers."""
    asked = Asked.from_address()
    with reading() as session:
        figures = figures_of(session, _shown(session, asked), at=clock.now())
        titles = _titles()
        return render_template(
            "certificates/manager/overview.html",
            asked=asked,
            cohorts=list_cohorts(session),
            programmes=list_programmes(session),
            at=figures.at,
            stages=[(titles[stage], figures.stages[stage]) for stage in STAGES],
            rates=figures.rates,
            times=figures.times,
            weeks=figures.weeks,
            days=_in_days,
        ), 422 if asked.faults else 200


@workspace.get("/overview/<any(funnel,pass_rates,times,expiring):table>.csv")
@MANAGERS
def overview_table(table: str) -> ResponseReturnValue:
    """One of the tables as a file."""
    with reading() as session:
        figures = figures_of(session, _shown(session, Asked.from_address()), at=clock.now())
    header, rows = _TABLES[table](figures)
    return csv_answer(f"{table.replace('_', '-')}.csv", header, rows)


def _shown(session: Session, asked: Asked) -> Shown:
    """Raises NotFound for a cohort or a programme that is not here."""
    cohort = get_cohort(session, asked.cohort) if asked.cohort else None
    since, until = _day(asked.since), _day(asked.until)
    return Shown(
        cohort=(cohort.id, cohort.slug) if isinstance(cohort, CohortLine) else None,
        programme=get_programme(session, asked.programme) if asked.programme else None,
        joined_from=datetime.combine(since, time(), UTC) if since else None,
        joined_until=datetime.combine(until + ONE_DAY, time(), UTC) if until else None,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 < found.year < 9999 else None


def _in_days(length: timedelta) -> float:
    """To a tenth, which is what people can use."""
    return round(length / ONE_DAY, 1)


def _titles() -> dict[str, str]:
    return {
        "invited": _("Invited"),
        "joined": _("Joined"),
        "started": _("Started"),
        "attempted": _("Handed in a test"),
        "passed": _("Passed"),
        "certified": _("Certified"),
        "open": _("Tier open"),
    }


Rows = tuple[list[str], list[list[str | int | float | None]]]


def _funnel(figures: Figures) -> Rows:
    return ["stage", "people"], [[stage, figures.stages[stage]] for stage in STAGES]


def _pass_rates(figures: Figures) -> Rows:
    header = ["test", "title", "passed", "of", "share", "low_95", "high_95"]
    return header, [
        [
            one.slug,
            one.title,
            one.share.part,
            one.share.whole,
            *_rounded(one.share.value, one.share.low, one.share.high),
        ]
        for one in figures.rates
    ]


def _times(figures: Figures) -> Rows:
    header = ["achievement", "name", "people", "first_quartile_days", "median_days", "third_quartile_days"]
    return header, [
        [
            one.slug,
            one.name,
            one.quartiles.count,
            _in_days(one.quartiles.first),
            _in_days(one.quartiles.median),
            _in_days(one.quartiles.third),
        ]
        for one in figures.times
    ]


def _expiring(figures: Figures) -> Rows:
    return ["from", "until", "certificates"], [
        [week.starts_at.isoformat(), week.ends_at.isoformat(), week.expiring] for week in figures.weeks
    ]


def _rounded(*numbers: float) -> list[float]:
    return [round(number, 4) for number in numbers]


_TABLES = {"funnel": _funnel, "pass_rates": _pass_rates, "times": _times, "expiring": _expiring}
