"""The pages that publish how answers are scored: each kind of task with its formula, and what becomes of the points."""

from fractions import Fraction

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments.domain.calibration import Standard, judge
from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.results import GradedItem, grade, standard_error
from assessments.web.public.blueprint import public_pages
from assessments.web.published_formula import publish
from assessments.web.worked_examples import show_example
from lms.errors import NotFound
from lms.web.policy import public

# Points that a person could earn; small enough to recompute in the head.
EXAMPLE_POINTS = (Fraction(8, 10), Fraction(1), Fraction(1, 2), Fraction(7, 10))
EXAMPLE_CUT = Fraction(7, 10)
EXAMPLE_STANDARD = Standard(Fraction(3, 4), 3)


@public_pages.get("/scoring/")
@public
def scoring() -> ResponseReturnValue:
    """The kinds of task, and the rules that hold for all of them."""
    kinds = [{"name": kind.name, "title": _(kind.title), "task": _(kind.task)} for kind in ITEM_TYPES.values()]
    return render_template("assessments/public/scoring.html", kinds=sorted(kinds, key=lambda kind: kind["title"]))


@public_pages.get("/scoring/results")
@public
def scoring_results() -> ResponseReturnValue:
    """From the points of single items to a result, and to an agreement; the examples are computed here."""
    result = grade([GradedItem("example", points) for points in EXAMPLE_POINTS], EXAMPLE_CUT)
    deviations = [points - result.score for points in EXAMPLE_POINTS]
    return render_template(
        "assessments/public/scoring_results.html",
        result=result,
        rows=[
            {"points": points, "deviation": deviation, "square": deviation**2}
            for points, deviation in zip(EXAMPLE_POINTS, deviations, strict=True)
        ],
        squares=sum((deviation**2 for deviation in deviations), Fraction(0)),
        standard=EXAMPLE_STANDARD,
        standing=judge(EXAMPLE_STANDARD, EXAMPLE_POINTS, gold_left=0),
        about_error=publish(standard_error.__doc__, opening=_("The margin is")),
        about_agreement=publish(judge.__doc__, opening=_("Calibration tells")),
    )


@public_pages.get("/scoring/<name>")
@public
def scoring_type(name: str) -> ResponseReturnValue:
    """One kind of task: its formula, and examples that anybody can recompute."""
    kind = ITEM_TYPES.get(name)
    if kind is None:
        raise NotFound(_("There is no such kind of task."))
    return render_template(
        "assessments/public/scoring_type.html",
        title=_(kind.title),
        task=_(kind.task),
        formula=publish(kind.score.__doc__, opening=_("An answer earns")),
        examples=[show_example(kind, example, number) for number, example in enumerate(kind.examples, start=1)],
    )
