"""A device on which an attempt is open: it saves, submits and reads the result over its own connection."""

import json
import re
import threading
from typing import Any
from uuid import uuid4

from tests.chaos.history import Outcome, Save, Sitting, now
from tests.chaos.network import Answer, Line, Lost

_SERVER_FAILED = 500
_TRANSIENT = {429}
_OUTCOMES = {200: Outcome.SAVED, 409: Outcome.STALE, 410: Outcome.CLOSED}


class Device:
    """What the attempt page knows: the token, the sequence of each position, and whether the attempt is closed."""

    def __init__(self, line: Line, name: str, sitting: Sitting, *, is_plain: bool) -> None:
        self.line = line
        self.name = name
        self.is_closed = False
        self._sitting = sitting
        self._is_plain = is_plain
        self._attempt_id = ""
        self._token = ""
        self._tab = str(uuid4())
        self._epoch: int | None = None
        self._sequences: dict[int, int] = {}
        self._keys: dict[int, str] = {}  # of a save by its identity in this process
        self._lock = threading.Lock()

    def open(self, attempt_id: str) -> bool:
        """Open the attempt page, for its token; an attempt that is over leads to its result, which has one too."""
        path = f"/attempts/{attempt_id}/"
        answer = self.line.send("GET", path, is_calm=True)
        if answer.status == 303:
            answer = self.line.send("GET", f"{path}result", is_calm=True)
            self.is_closed = True
        found = re.search(rb'<meta name="csrf-token" content="([^"]+)"', answer.body)
        if answer.status != 200 or found is None:
            raise Lost(f"the attempt page answered {answer.status}")
        self._attempt_id, self._token = attempt_id, found[1].decode()
        return True

    def take_pen(self, *, take_over: bool) -> bool:
        """Ask for the pen, or take it; True when the server has said who has it."""
        body = json.dumps({"tab": self._tab, "take": take_over}).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json", "X-CSRF-Token": self._token}
        answer = self.line.send("POST", f"/attempts/{self._attempt_id}/pen", headers, body)
        if answer.status == 410:
            self.is_closed = True
        elif answer.status == 200:
            self._epoch = answer.json["epoch"] if answer.json["is_mine"] else None
            if self._epoch is not None:
                self._sitting.took_pen(self._epoch)
        return answer.status in (200, 410)

    @property
    def has_pen(self) -> bool:
        return self._is_plain or self._epoch is not None

    def new_save(self, position: int, response: dict[str, Any]) -> Save:
        """What the person now means at a position, under the next sequence."""
        sequence = self._sequences.get(position, 0) + 1
        self._sequences[position] = sequence
        save = self._sitting.sent(
            Save(self.name, position, sequence, response, now(), self._epoch, is_plain=self._is_plain)
        )
        self._keys[id(save)] = str(uuid4())
        return save

    def put(self, save: Save) -> bool:
        """Send a save once more; True when the server has told what became of it."""
        save.tries += 1
        body = json.dumps({"response": save.response, "sequence": save.sequence}).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json", "X-CSRF-Token": self._token}
        if not self._is_plain:
            headers["Idempotency-Key"] = self._keys[id(save)]
            headers["X-Answer-Age"] = str(int((now() - save.first_sent_at).total_seconds() * 1000) + 1)
        if save.epoch is not None:
            headers["X-Pen-Epoch"] = str(save.epoch)
        path = f"/attempts/{self._attempt_id}/responses/{save.position}"
        answer = self.line.send("PUT", path, headers, body)
        if answer.status >= _SERVER_FAILED or answer.status in _TRANSIENT:
            return False
        if answer.status == 410 and save.tries == 1 and answer.json.get("kept") is False:
            return False  # its age counts from when it was sent; if it lay on the way, only a second try can tell
        self._told(save, answer)
        return True

    def submit(self, line: Line, attempt_id: str) -> bool:
        """Hand in; True when the server says that it is handed in."""
        self._sitting.submitting()
        answer = line.send("POST", f"/attempts/{attempt_id}/submit", {"X-CSRF-Token": self._token})
        if answer.status == 303:
            with self._lock:
                self._sitting.submit_told_at = self._sitting.submit_told_at or now()
            return True
        if answer.status < _SERVER_FAILED:
            self._sitting.fault(f"submit answered {answer.status}")
        return False

    def read_result(self, line: Line, attempt_id: str) -> bool:
        """Read the result, as everybody who submitted must get the same."""
        answer = line.send("GET", f"/attempts/{attempt_id}/result", is_calm=True)
        if answer.status != 200:
            return False
        self._sitting.results.add(_verdict_of(answer))
        return True

    def close(self) -> None:
        self.line.close()

    def _told(self, save: Save, answer: Answer) -> None:
        said = answer.json
        save.told_at = now()
        save.outcome = _OUTCOMES.get(answer.status, Outcome.REFUSED)
        if answer.status == 410:
            self.is_closed = True
            save.outcome = Outcome.LATE if said.get("kept") else Outcome.CLOSED
        elif answer.status == 409 and said.get("reason") == "taken-over":
            save.outcome, self._epoch = Outcome.FENCED, None
        elif answer.status == 409 and isinstance(said.get("sequence"), int):
            self._sequences[save.position] = max(self._sequences[save.position], said["sequence"])
        if save.outcome is Outcome.REFUSED or (save.outcome is Outcome.SAVED and said.get("saved") is not True):
            save.outcome, save.note = Outcome.REFUSED, f"{answer.status} {answer.body[:200]!r}"
            self._sitting.fault(f"save answered {save.note}")


def _verdict_of(answer: Answer) -> str:
    """The figures of the main part of a result page, in order: two different results differ in them."""
    main = re.search(rb"<main.*?</main>", answer.body, re.DOTALL)
    text = re.sub(rb"<[^>]+>", b" ", main[0] if main else b"")
    return " ".join(figure.decode() for figure in re.findall(rb"\d+(?:\.\d+)?\s*%", text))
