"""A learner: signs in, reads the terms, starts, answers every question as the page's script does, hands in."""

import json
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol
from uuid import UUID, uuid4

from benchmarks.load.answers import Answer
from benchmarks.load.connection import Fields, Reply
from benchmarks.load.forms import FormPlace
from benchmarks.load.people import PASSWORD, Account
from benchmarks.load.track import PAGES, SLUG

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_PEN = re.compile(r'data-pen-address="([^"]+)"')
_ATTEMPT = re.compile(r"/attempts/([0-9a-f-]{36})/")
_SCRIPT = {"Accept": "application/json"}


class Browser(Protocol):
    """What sends a request and brings its answer."""

    async def send(
        self, method: str, path: str, fields: Fields | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply: ...

    def close(self) -> None: ...


class Unexpected(Exception):
    """The server answered otherwise than it does to a learner who does nothing wrong."""


@dataclass(frozen=True, slots=True)
class Took:
    """One request: which step it belongs to, how long it took, how many bytes its answer had."""

    step: str
    seconds: float
    size: int


@dataclass(slots=True)
class Learner:
    """One person with a browser. `wants_to_pass`: all answers right; otherwise every third one."""

    browser: Browser
    account: Account
    form_of: Callable[[UUID], Awaitable[list[FormPlace]]]
    has_script: bool = True
    wants_to_pass: bool = False
    took: list[Took] = field(default_factory=list)
    attempt_id: UUID | None = None
    expected: Fraction | None = None  # the score that the answers must earn
    first_page: Reply | None = None
    _form: list[FormPlace] = field(default_factory=list)
    _token: str = ""
    _tab: str = ""
    _epoch: int = 0  # of the pen; the page's script asks for it before its first save

    async def sit(self) -> None:
        """The whole way, from the sign-in to the result."""
        await self.enter()
        await self.look_around()
        await self.begin()
        await self.answer()
        await self.finish()

    async def enter(self) -> None:
        page = await self._get("sign-in page", "/sign-in")
        fields = [("email", self.account.email), ("password", PASSWORD), ("next", ""), self._csrf(page)]
        home = await self._post("sign-in", "/sign-in", fields)
        await self._get("home", home)

    async def look_around(self) -> None:
        await self._get("course page", f"/courses/{SLUG}/")
        terms = await self._get("test page", f"/tests/{SLUG}/")
        self._token = self._csrf(terms)[1]

    async def begin(self) -> None:
        """Start, and see the first page of the attempt."""
        place = await self._post("start", f"/tests/{SLUG}/attempts", [("csrf_token", self._token)])
        found = _ATTEMPT.search(place)
        if found is None:
            raise Unexpected(f"starting led to {place}")
        self.attempt_id = UUID(found[1])
        self.first_page = await self._get("attempt page 1", place)

    async def open_form(self) -> None:
        """Start, and be ready to save answers of the first page."""
        await self.begin()
        assert self.attempt_id is not None
        assert self.first_page is not None
        self._form = await self.form_of(self.attempt_id)
        await self._read_page(self.first_page)

    async def save_again(self, sequence: int) -> None:
        """Save an answer of the first page, another position each time."""
        place = self._form[sequence % 5]
        await self._save(place.position, self._chosen(place), sequence)

    async def answer(self) -> None:
        """Fill in all pages; every answer is saved as it is given, and the page once more by its button."""
        assert self.attempt_id is not None
        assert self.first_page is not None
        page, form = self.first_page, await self.form_of(self.attempt_id)
        chosen = {place.position: self._chosen(place) for place in form}
        scored = [chosen[place.position].points for place in form if place.is_scored]
        self.expected = sum(scored, Fraction(0)) / len(scored)
        size = -(-len(form) // PAGES)
        for number in range(1, PAGES + 1):
            await self._read_page(page)
            positions = [place.position for place in form[(number - 1) * size : number * size]]
            if self.has_script:
                for position in positions:
                    await self._save(position, chosen[position])
            next_place = await self._save_page(number, {position: chosen[position] for position in positions})
            if number < PAGES:
                page = await self._get(f"attempt page {number + 1}", next_place)
            else:
                await self._get("review page", next_place)

    async def finish(self) -> None:
        fields = [("csrf_token", self._token)]
        result = await self._post("hand in", f"/attempts/{self.attempt_id}/submit", fields)
        await self._get("result page", result)

    def _chosen(self, place: FormPlace) -> Answer:
        is_right = self.wants_to_pass or place.position % 3 == 0
        return place.answers.right if is_right else place.answers.poor

    async def _save(self, position: int, answer: Answer, sequence: int = 1) -> None:
        prefix = f"r{position}-"
        fields = [*_prefixed(prefix, answer), (f"{prefix}sequence", str(sequence))]
        headers = {"X-CSRF-Token": self._token, "Idempotency-Key": str(uuid4()), "X-Answer-Age": "400"}
        headers |= {**_SCRIPT, "X-Pen-Epoch": str(self._epoch)}
        path = f"/attempts/{self.attempt_id}/responses/{position}"
        reply = await self._send("save", "PUT", path, fields, headers)
        if reply.status != 200 or b'"saved":true' not in reply.body.replace(b" ", b""):
            raise Unexpected(f"a save was answered with {reply.status}: {reply.body[:300]!r}")

    async def _save_page(self, number: int, chosen: dict[int, Answer]) -> str:
        fields = [("csrf_token", self._token), ("tab", self._tab), ("go", "next")]
        for position, answer in chosen.items():
            prefix = f"r{position}-"
            fields += [*_prefixed(prefix, answer), (f"{prefix}sequence", "1" if self.has_script else "0")]
        return await self._post("save and continue", f"/attempts/{self.attempt_id}/pages/{number}", fields)

    async def _get(self, step: str, path: str) -> Reply:
        reply = await self._send(step, "GET", path)
        if reply.status != 200:
            raise Unexpected(f"{step}: {path} was answered with {reply.status}, to {reply.location!r}")
        return reply

    async def _post(self, step: str, path: str, fields: Fields) -> str:
        """Send a form; the place that the answer leads to."""
        reply = await self._send(step, "POST", path, fields)
        if reply.status != 303:
            raise Unexpected(f"{step}: {path} was answered with {reply.status}: {reply.text[:2000]}")
        return reply.location

    async def _send(
        self, step: str, method: str, path: str, fields: Fields | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        started = time.perf_counter()
        reply = await self.browser.send(method, path, fields, headers)
        self.took.append(Took(step, time.perf_counter() - started, reply.size))
        return reply

    async def _read_page(self, page: Reply) -> None:
        """Take over what the page's script reads from it; on the first page it gets the pen for its window."""
        text = page.text
        self._token = _token(text)
        if not self.has_script or self._epoch:
            return
        self._tab = str(uuid4())
        headers = {**_SCRIPT, "X-CSRF-Token": self._token}
        reply = await self._send("pen", "POST", _first(_PEN, text) or "", {"tab": self._tab, "take": False}, headers)
        if reply.status != 200 or not json.loads(reply.body)["is_mine"]:
            raise Unexpected(f"the pen was answered with {reply.status}: {reply.body[:300]!r}")
        self._epoch = json.loads(reply.body)["epoch"]

    def _csrf(self, page: Reply) -> tuple[str, str]:
        return "csrf_token", _token(page.text)


def _prefixed(prefix: str, answer: Answer) -> Iterable[tuple[str, str]]:
    return ((prefix + name, value) for name, value in answer.fields)


def _token(text: str) -> str:
    token = _first(_TOKEN, text)
    if token is None:
        raise Unexpected("a page with a form has no CSRF token")
    return token


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1] if found else None
