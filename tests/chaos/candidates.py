"""Simulated candidates: they answer as the page does, and try again until they are told what became of it."""

import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from tests.chaos import exam
from tests.chaos.devices import Device
from tests.chaos.history import Save, Sitting, now
from tests.chaos.network import Answer, Line, Lost, Network
from tests.people import PASSWORD

LOOKS = 0.05  # seconds until the first retry
_LONGEST = 12  # times the usual number of answers that somebody who outlasts a fault gives at most


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the candidates of a round behave."""

    test: str = exam.LONG
    answers: int = 14  # a device
    think: float = 0.25  # seconds between two answers at most
    devices: int = 1
    starts: int = 1  # at once
    submits: int = 1  # at once; 0: the candidate just leaves, and the server hands in
    submits_early: bool = False  # while answers are still being sent
    outlasts: bool = False  # goes on answering until the fault is over
    insists: bool = False  # goes on answering after the attempt is closed
    is_plain: bool = False  # another program: no idempotency key, no pen
    patience: float = 120.0  # seconds for one thing to be acknowledged


class Candidate:
    """One person's sitting, from the sign-in to the result."""

    def __init__(
        self,
        network: Network,
        behaviour: Behaviour,
        sitting: Sitting,
        *,
        email: str,
        source: str,
        seed: str,
        has_struck: threading.Event,
    ) -> None:
        self._behaviour = behaviour
        self._network = network
        self._sitting = sitting
        self._email = email
        self._source = source
        self._has_struck = has_struck
        self._seed = seed
        self._chance = random.Random(seed)
        self._goodness = self._chance.choice([0.2, 0.97, 0.97])
        self._devices: list[Device] = []

    def enter(self) -> None:
        """Sign in on every device. Raises Lost."""
        self._devices = [self._enter(number) for number in range(self._behaviour.devices)]

    def sit(self) -> Sitting:
        """Run to the end; what should never happen is noted in the sitting, not raised."""
        try:
            self._sit()
        except Lost as lost:
            self._sitting.gave_up = str(lost)
        return self._sitting

    def _sit(self) -> None:
        devices = self._devices
        attempt_id = self._start(devices[0])
        for device in devices:
            self._persist(partial(device.open, attempt_id), "opening the attempt")
            self._get_pen(device, take_over=False)
        with ThreadPoolExecutor(len(devices) + 1) as pool:
            answering = [pool.submit(self._answer_all, device, number) for number, device in enumerate(devices)]
            if self._behaviour.submits and self._behaviour.submits_early:
                time.sleep(self._behaviour.answers * self._behaviour.think * 0.3)
                self._submit(devices[0], attempt_id)
            for each in answering:
                each.result()
        if self._behaviour.submits and not self._behaviour.submits_early:
            self._submit(devices[0], attempt_id)
        for device in devices:
            device.close()

    def _enter(self, number: int) -> Device:
        line = Line(self._network, self._source, f"{self._seed} device {number}")
        device = Device(line, f"{self._sitting.candidate}.{number}", self._sitting, is_plain=self._behaviour.is_plain)
        self._persist(lambda: self._sign_in(line), "signing in")
        return device

    def _sign_in(self, line: Line) -> bool:
        token = token_of(line.send("GET", "/sign-in", is_calm=True))
        form = urlencode({"email": self._email, "password": PASSWORD, "csrf_token": token}).encode()
        answer = line.send("POST", "/sign-in", FORM, form, is_calm=True)
        return answer.status == 303

    def _start(self, device: Device) -> str:
        """Start, as often at once as the behaviour says; every answer must name the one attempt."""
        path = f"/tests/{self._behaviour.test}/"
        token = [""]

        def read_page() -> bool:
            token[0] = token_of(device.line.send("GET", path, is_calm=True))
            return bool(token[0])

        self._persist(read_page, "reading the test's page")
        body = urlencode({"csrf_token": token[0]}).encode()
        lines = [device.line.twin(f"{self._seed} start {number}") for number in range(self._behaviour.starts)]

        def start(line: Line) -> None:
            def press() -> bool:
                answer = line.send("POST", f"{path}attempts", FORM, body)
                found = re.search(r"/attempts/([0-9a-f-]{36})/", answer.headers.get("location", ""))
                if found:
                    self._sitting.attempt_ids.add(found[1])
                elif answer.status < 500:
                    self._sitting.fault(f"start answered {answer.status}")
                return found is not None

            self._persist(press, "starting")
            line.close()

        with ThreadPoolExecutor(len(lines)) as pool:
            list(pool.map(start, lines))
        return min(self._sitting.attempt_ids)

    def _answer_all(self, device: Device, number: int) -> None:
        chance = random.Random(f"{self._seed} answers {number}")
        for position in self._positions(chance):
            time.sleep(chance.random() * self._behaviour.think)
            if not device.has_pen:
                self._get_pen(device, take_over=True)
            response = exam.answer(position, chance, is_right=chance.random() < self._goodness)
            save = device.new_save(position, response)
            self._persist(partial(device.put, save), f"saving position {position}", save)
            if device.is_closed and not self._behaviour.insists:
                return

    def _positions(self, chance: random.Random) -> Iterator[int]:
        """Every position once, then any, for as many answers as the behaviour says."""
        positions = list(exam.POSITIONS)
        for number in range(_LONGEST * self._behaviour.answers):
            is_enough = number >= self._behaviour.answers
            if is_enough and (not self._behaviour.outlasts or self._has_struck.is_set()):
                return
            yield positions[number] if number < len(positions) else chance.choice(positions)

    def _get_pen(self, device: Device, *, take_over: bool) -> None:
        if not self._behaviour.is_plain and not device.is_closed:
            self._persist(lambda: device.take_pen(take_over=take_over), "asking for the pen")

    def _submit(self, device: Device, attempt_id: str) -> None:
        lines = [device.line.twin(f"{self._seed} submit {number}") for number in range(self._behaviour.submits)]

        def submit(line: Line) -> None:
            self._persist(lambda: device.submit(line, attempt_id), "submitting")
            self._persist(lambda: device.read_result(line, attempt_id), "reading the result")
            line.close()

        with ThreadPoolExecutor(len(lines)) as pool:
            list(pool.map(submit, lines))

    def _persist(self, act: Callable[[], bool], what: str, save: Save | None = None) -> None:
        """Try until it is told; raises Lost when patience ends."""
        end = time.monotonic() + self._behaviour.patience
        pause, last = LOOKS, ""
        while time.monotonic() < end:
            try:
                if act():
                    return
                last = "it was not answered as hoped"
            except Lost as lost:
                last = str(lost)
            time.sleep(pause * (0.5 + self._chance.random()))
            pause = min(1.0, pause * 1.6)
        if save is not None:
            save.note = f"gave up: {last}"
        raise Lost(f"{what}: {last} ({now():%H:%M:%S})")


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def token_of(answer: Answer) -> str:
    """The CSRF token that a page carries; raises Lost for a page that could not be shown."""
    found = re.search(rb'<meta name="csrf-token" content="([^"]+)"', answer.body)
    if answer.status != 200 or found is None:
        raise Lost(f"a page answered {answer.status}")
    return found[1].decode()
