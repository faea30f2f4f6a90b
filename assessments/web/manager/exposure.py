"""The managers' pages of exposure: how often items were shown, against the bounds that the test states."""

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from assessments.queries.exposure_reports import list_exposure, report_exposure
from assessments.queries.tests import get_test
from assessments.web.manager.blueprint import MANAGERS, manager
from lms import clock
from lms.web.transactions import reading

SPANS = (7, 30, 90, 365)  # days
USUAL = 90  # what forms are drawn by
MOST_DRAWN = 120  # items in the chart
MOST_LISTED = 500  # items in the table


@manager.get("/exposure")
@MANAGERS
def exposures() -> ResponseReturnValue:
    """Every test with its largest exposure and overlap."""
    with reading() as session:
        reports = list_exposure(session, at=clock.now(), span=timedelta(days=USUAL))
    return render_template("assessments/manager/exposures.html", reports=reports, days=USUAL)


@manager.get("/tests/<slug>/exposure")
@MANAGERS
def exposure(slug: str) -> ResponseReturnValue:
    """One test: the figures, its sections, and each item."""
    asked = request.args.get("days", default=USUAL, type=int)
    days = asked if asked in SPANS else USUAL
    with reading() as session:
        report = report_exposure(session, get_test(session, slug), at=clock.now(), span=timedelta(days=days))
    return render_template(
        "assessments/manager/exposure.html",
        report=report,
        use=report.whole,
        days=days,
        spans=SPANS,
        drawn=report.whole.items[:MOST_DRAWN],
        listed=report.whole.items[:MOST_LISTED],
    )
