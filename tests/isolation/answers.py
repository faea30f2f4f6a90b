"""Sending the cases of the matrix, and judging what comes back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient

from tests.isolation.bodies import JSON
from tests.isolation.cases import ELSEWHERE, WHATEVER, Case
from tests.isolation.parameters import ANY_NAME, FOR_EVERYBODY, MAY_GO_ON, MAY_MISS
from tests.isolation.world import NOTHING_IS_KEPT, Actor, World

READS = {"GET"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a case is judged by."""

    status: int
    to: str  # of a redirect
    body: str

    @property
    def has_written(self) -> bool:
        return NOTHING_IS_KEPT in self.body

    @property
    def asks_to_sign_in(self) -> bool:
        return self.status == 401 or self.to.startswith("/sign-in")


@dataclass(slots=True)
class Caller:
    """One actor's requests; each stands for itself, and what answers to things that never were is asked once."""

    world: World
    actor: Actor
    _client: FlaskClient = field(init=False)
    _headers: dict[str, str] = field(init=False)
    _twins: dict[tuple[str, str, str], Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._client = self.world.app.test_client(use_cookies=False)
        self._headers = self.world.headers(self.actor)

    def faults(self, case: Case) -> Iterator[str]:
        """In what the answer to this case is not what it must be."""
        answer = self._send(case, case.path, case.body)
        if answer.status >= 500:
            yield f"{case}: {answer.status}"
        word = ELSEWHERE.get(self.actor.tenant or "", "")
        if word and case.endpoint not in FOR_EVERYBODY and word in self._masked(case, answer).lower():
            yield f"{case}: says {word}"
        if not self._is_as_expected(case, answer):
            yield f"{case}: {answer.status} {answer.to} {answer.body[:80] if answer.has_written else ''}"

    def _is_as_expected(self, case: Case, answer: Answer) -> bool:
        match case.expected:
            case "sign in":
                return answer.asks_to_sign_in
            case "forbidden":
                return answer.status == 403
            case "open":
                may_be = case.endpoint in MAY_MISS and answer.status in (403, 404)
                return may_be or not (answer.asks_to_sign_in or answer.status in (403, 404))
            case "as if it never was":
                return self._is_as_if_it_never_was(case, answer)
        return case.expected == WHATEVER

    def _is_as_if_it_never_was(self, case: Case, answer: Answer) -> bool:
        if case.endpoint not in MAY_GO_ON and (answer.has_written or (case.method in READS and answer.status != 404)):
            return False
        key = (case.method, case.twin, str(case.twin_body))
        if key not in self._twins:
            self._twins[key] = self._send(case, case.twin, case.twin_body)
        twin = self._twins[key]
        if case.endpoint in ANY_NAME:  # a form of a draft is drawn anew each time
            return answer.status == twin.status
        return (answer.status, self._masked(case, answer)) == (twin.status, twin.body)

    def _masked(self, case: Case, answer: Answer) -> str:
        body = answer.body
        for name, twin in case.names:
            body = body.replace(name, twin)
        return body

    def _send(self, case: Case, path: str, body: dict[str, Any]) -> Answer:
        is_json = path.startswith("/api/") or case.endpoint in JSON
        place = "query_string" if case.method in READS else "json" if is_json else "data"
        given: dict[str, Any] = {place: body}
        got = self._client.open(path, method=case.method, headers=self._headers, **given)
        answer = Answer(got.status_code, got.headers.get("Location", ""), got.data.decode("latin-1"))
        got.close()
        return answer
