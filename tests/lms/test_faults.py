"""Fault points: nothing unless armed, refused where people are served, and exactly what the plan says when armed."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from lms import clock, faults
from wsgi import create_app


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """A plan that is armed; its lines are replaced by calling it."""
    path = tmp_path / "plan"
    monkeypatch.setattr(faults, "_plan", faults.Plan(path))
    written = []

    def write(*lines: str) -> None:
        path.write_text("\n".join(lines))
        written.append(lines)
        os.utime(path, ns=(0, len(written)))  # however fast they follow one another, each is another time

    write.fired = lambda: path.with_suffix(".fired").read_text().splitlines()
    return write


def test_nothing_is_armed_in_a_process_that_names_no_plan():
    assert not faults.are_armed()
    faults.point("commit.before")
    assert faults.clock_offset() == timedelta(0)


def test_a_fault_happens_at_its_point_within_its_activity_only(plan):
    plan("commit.before@save fail 1")

    faults.begin("start")
    faults.point("commit.before")
    faults.begin("save")
    faults.point("commit.after")
    with pytest.raises(faults.InjectedFault):
        faults.point("commit.before")
    assert plan.fired() == [f"commit.before@save fail {os.getpid()}"]


def test_a_plan_may_change_while_processes_run(plan):
    plan("response fail 1")
    plan("")
    faults.point("response")

    plan("clock -7200")
    assert timedelta(hours=-2, seconds=-5) < clock.now() - clock.datetime.now(clock.UTC) < timedelta(hours=-1.9)


def test_a_line_that_is_no_fault_is_refused(plan):
    plan("response explode 1")

    with pytest.raises(ValueError, match="kills, fails or stalls"):
        faults.point("response")


def test_a_fault_that_kills_kills(tmp_path):
    (tmp_path / "plan").write_text("here kill 1")
    done = subprocess.run(
        [sys.executable, "-c", "from lms import faults; faults.point('here'); print('alive')"],
        env={**os.environ, faults.VARIABLE: str(tmp_path / "plan")},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b"")


def test_an_armed_server_refuses_to_serve_over_https(plan, process_settings):
    with pytest.raises(RuntimeError, match="faults are for tests only"):
        create_app(replace(process_settings, base_url="https://assay.example"))


def test_an_armed_server_says_so_loudly(plan, process_settings, capsys):
    create_app(process_settings)

    assert "FAULTS ARE ARMED" in capsys.readouterr().out


def test_the_points_of_a_request_lie_at_its_two_ends(plan, process_settings):
    plan("request stall 1 0", "response stall 1 0")

    assert create_app(process_settings).test_client().get("/healthz").status_code == 200
    assert [line.split()[0] for line in plan.fired()] == ["request@health.healthz", "response@health.healthz"]
