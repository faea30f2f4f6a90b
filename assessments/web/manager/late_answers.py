"""The managers' list of late answers: given in time, arrived after it, scored by nobody; a person decides."""

from flask import render_template
from flask.typing import ResponseReturnValue

from assessments.queries.late_answers import MOST_LISTED, list_late_answers
from assessments.web.manager.blueprint import MANAGERS, manager
from lms.web.transactions import reading


@manager.get("/late-answers")
@MANAGERS
def late_answers() -> ResponseReturnValue:
    """The latest first, each beside what was saved in time."""
    with reading() as session:
        answers = list_late_answers(session)
    return render_template(
        "assessments/manager/late_answers.html", answers=answers, may_be_more=len(answers) == MOST_LISTED
    )
