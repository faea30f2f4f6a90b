"""The learner of the measurements: it must do what a browser does, and know the score that it earns."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from benchmarks.load.answers import answers_of_all_items
from benchmarks.load.charts import Chart, draw
from benchmarks.load.forms import Forms
from benchmarks.load.grades import wrong_grades
from benchmarks.load.in_process import InProcess
from benchmarks.load.learner import Learner
from benchmarks.load.measures import percentile
from benchmarks.load.people import make_people
from benchmarks.load.track import PAGES, QUESTIONS, lay_out
from lms import clock
from lms.catalogue.readers import open_catalogue, readers_of
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from wsgi import create_app


def run(sitting: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: the browser of other tests has an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, sitting).result()


@pytest.fixture
def learner(process_settings, database, tmp_path):
    app = create_app(process_settings)  # as it is served: forms carry tokens
    catalogue = open_catalogue(lay_out(tmp_path))
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for reader in readers_of(app):
            reader.load(session, catalogue, clock.now())
    (account,) = make_people(database, 1)
    browser = InProcess(app, account.source, {}, is_profiled=False)
    return Learner(browser, account, Forms(database, answers_of_all_items(database)).of)


@pytest.mark.parametrize("has_script", [True, False], ids=["with script", "without script"])
def test_a_learner_earns_the_score_that_was_worked_out_beforehand(learner, database, has_script):
    learner.has_script = has_script

    run(learner.sit())

    steps = [took.step for took in learner.took]
    assert wrong_grades(database, {learner.attempt_id: learner.expected}) == []
    assert steps.count("save") == (QUESTIONS if has_script else 0)
    assert steps.count("save and continue") == PAGES


def test_a_learner_who_wants_to_pass_has_every_answer_right(learner, database):
    learner.wants_to_pass = True

    run(learner.sit())

    assert learner.expected == 1
    assert wrong_grades(database, {learner.attempt_id: learner.expected}) == []


def test_a_wrong_grade_is_told(learner, database):
    run(learner.sit())

    assert len(wrong_grades(database, {learner.attempt_id: learner.expected / 2})) == 1


def test_a_percentile_is_a_value_that_was_seen():
    values = [float(number) for number in range(1, 101)]

    assert [percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert percentile([], 0.5) == 0


def test_a_chart_is_drawn_for_one_place_and_for_nothing_but_zeros():
    chart = Chart("Nothing", ["1"], "learners", {"sqlite": [0.0], "postgresql": [0.0]}, "a second")

    assert draw(chart).count("<polyline") == 2
