"""Certificates checked: each was earned, says what was signed, has its file, and is in the state that was logged."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, select

from certificates.adapters.checking.credentials import CREDENTIALS, CredentialChecker, check_leaf, commitment
from certificates.adapters.checking.evidence import Evidence
from certificates.adapters.checking.files import FileChecker
from certificates.adapters.checking.findings import Findings
from certificates.adapters.checking.statements import find_differences
from certificates.adapters.checking.tables import (
    achievement_version,
    attempt,
    certificate,
    certificate_file,
    certificate_review,
    credential,
    log_leaf,
    outbox_message,
    state_change,
    test_version,
)

PATIENCE = timedelta(minutes=10)  # a certificate that is younger may still be on its way
_BATCH = 200
_DECIDED_ON = ("open", "kept")  # reviews that let a certificate stand whose result fell below the cut

AnyRow = Row[*tuple[Any, ...]]
Progress = Callable[[int], object]

_CERTIFICATES = (
    select(
        certificate,
        achievement_version.c.name.label("achievement"),
        achievement_version.c.description,
        achievement_version.c.criteria,
        attempt.c.person_id.label("attempt_person"),
        attempt.c.state.label("attempt_state"),
        attempt.c.score.label("attempt_score"),
        attempt.c.has_passed,
        test_version.c.cut_score.label("test_cut_score"),
    )
    .outerjoin(achievement_version, achievement_version.c.id == certificate.c.achievement_version_id)
    .outerjoin(attempt, attempt.c.id == certificate.c.attempt_id)
    .outerjoin(test_version, test_version.c.id == attempt.c.test_version_id)
)
_CHANGES = select(
    state_change,
    log_leaf.c.kind.label("leaf_kind"),
    log_leaf.c.commitment.label("leaf_commitment"),
    log_leaf.c.at.label("leaf_at"),
).outerjoin(log_leaf, log_leaf.c.index == state_change.c.leaf_index)


@dataclass(frozen=True, slots=True)
class Dossier:
    """A certificate's row with everything that belongs to it."""

    row: AnyRow
    credentials: Sequence[AnyRow]
    changes: Sequence[AnyRow]
    file: AnyRow | None
    stands_reviewed: bool


class CertificateChecker:
    """Checks certificates in batches, so that memory does not grow with their number."""

    def __init__(
        self, evidence: Evidence, findings: Findings, files: FileChecker, at: datetime, *, is_quick: bool
    ) -> None:
        self._evidence = evidence
        self._findings = findings
        self._files = files
        self._credentials = CredentialChecker(evidence, findings, is_quick=is_quick)
        self._late = at - PATIENCE
        self._under_way = self._list_under_way()

    def check(self, progress: Progress) -> None:
        """Check every certificate with its credentials, its changes and its file."""
        last = ""
        while rows := self._evidence.all(
            _CERTIFICATES.where(certificate.c.id > last).order_by(certificate.c.id).limit(_BATCH)
        ):
            for dossier in self._dossiers(rows):
                self._check(dossier)
                progress(1)
            last = rows[-1].id

    def _list_under_way(self) -> set[str]:
        """Certificates that wait for the worker: what they say may be ahead of what is signed."""
        waiting = select(outbox_message.c.payload).where(
            outbox_message.c.topic == "certificate.issue", outbox_message.c.delivered_at.is_(None)
        )
        return {row.payload["certificate_id"] for row in self._evidence.stream(waiting)}

    def _dossiers(self, rows: Sequence[AnyRow]) -> Iterable[Dossier]:
        ids = [row.id for row in rows]
        credentials = self._of(CREDENTIALS.order_by(credential.c.number), credential.c.certificate_id, ids)
        changes = self._of(_CHANGES.order_by(state_change.c.number), state_change.c.certificate_id, ids)
        files = self._of(select(certificate_file), certificate_file.c.certificate_id, ids)
        reviewed = self._of(
            select(certificate_review).where(certificate_review.c.state.in_(_DECIDED_ON)),
            certificate_review.c.certificate_id,
            ids,
        )
        for row in rows:
            file = next(iter(files[row.id]), None)
            yield Dossier(row, credentials[row.id], changes[row.id], file, bool(reviewed[row.id]))

    def _of(self, statement: Select[*tuple[Any, ...]], owner: Any, ids: Sequence[str]) -> dict[str, list[AnyRow]]:
        found: dict[str, list[AnyRow]] = defaultdict(list)
        for row in self._evidence.all(statement.where(owner.in_(ids))):
            found[row.certificate_id].append(row)
        return found

    def _check(self, dossier: Dossier) -> None:
        self._findings.checked["certificate"] += 1
        self._credentials.check(dossier.credentials)
        self._check_changes(dossier)
        self._check_state(dossier)
        if dossier.row.state != "erased":
            self._check_earned(dossier)
            self._check_numbers(dossier)
            self._check_content(dossier)
            self._check_file(dossier)

    def _add(self, dossier: Dossier, rule: str, *, expected: object, found: object) -> None:
        self._findings.add("certificate", dossier.row.id, rule, expected=expected, found=found)

    def _expect(self, dossier: Dossier, rule: str, *, expected: object, found: object) -> None:
        self._findings.expect("certificate", dossier.row.id, rule, expected=expected, found=found)

    def _check_changes(self, dossier: Dossier) -> None:
        """Every change of state is committed to in the log; only an erased holder's salts are forgotten."""
        for place, change in enumerate(dossier.changes, start=1):
            name = f"{change.number} of certificate {change.certificate_id}"
            findings = self._findings
            findings.checked["state_change"] += 1
            findings.expect("state_change", name, "a change is missing before it", expected=place, found=change.number)
            check_leaf(findings, "state_change", name, change, kind="state", at=change.at)
            if change.salt is not None:
                computed = commitment(change.salt, _statement(change))
                rule = "the commitment is not that of salt and statement"
                findings.expect("state_change", name, rule, expected=computed, found=change.commitment)
            elif dossier.row.state != "erased":
                findings.add("state_change", name, "its salt is missing", expected="a salt", found=None)

    def _check_state(self, dossier: Dossier) -> None:
        """The state, and the reason that is shown for it, are those of the last change."""
        last = dossier.changes[-1] if dossier.changes else None
        rule = "the state is not the one that was logged"
        self._expect(dossier, rule, expected=last.state if last else "valid", found=dossier.row.state)
        if last is not None and dossier.row.state == last.state and last.state not in ("valid", "erased"):
            rule = "the reason is not the one that was logged"
            self._expect(dossier, rule, expected=last.reason, found=dossier.row.state_reason)

    def _check_earned(self, dossier: Dossier) -> None:
        """The attempt behind it is this person's, is graded, and reached the cut score of its test."""
        row = dossier.row
        self._expect(dossier, "its attempt is somebody else's", expected=row.person_id, found=row.attempt_person)
        has_reached = row.attempt_score is not None and row.attempt_score >= row.test_cut_score
        is_passed = row.attempt_state == "graded" and has_reached and bool(row.has_passed)
        if not is_passed and row.state in ("valid", "suspended") and not dossier.stands_reviewed:
            found = f"an attempt that is {row.attempt_state} with {_share(row.attempt_score)}"
            expected = f"a graded attempt with at least {_share(row.test_cut_score)}"
            self._add(dossier, "its attempt did not pass", expected=expected, found=found)

    def _check_numbers(self, dossier: Dossier) -> None:
        """There is a credential, each has its number, and the last signed one alone is current."""
        numbers = [each.number for each in dossier.credentials]
        self._expect(dossier, "a credential is missing", expected=list(range(1, len(numbers) + 1)), found=numbers)
        if not numbers and dossier.row.issued_at < self._late:
            self._add(dossier, "it was never signed", expected="a credential", found=None)
        for each in dossier.credentials:
            if each.state == "intended" and each.intended_at < self._late:
                self._add(
                    dossier, "a credential is not signed", expected=f"number {each.number} signed", found=each.state
                )
        signed = [each.number for each in dossier.credentials if each.state == "signed"]
        current = [each.number for each in dossier.credentials if each.is_current]
        self._expect(dossier, "another credential is current than the last", expected=signed[-1:], found=current)

    def _check_content(self, dossier: Dossier) -> None:
        """The row says what was committed to last, unless something newer is on its way."""
        begun = [each for each in dossier.credentials if each.state in ("intended", "signed")]
        if not begun or dossier.row.id in self._under_way:
            return
        try:
            content = json.loads(begun[-1].content)
        except ValueError:
            return  # the credential's own finding says so
        for name, signed, said in find_differences(dossier.row, content):
            self._add(dossier, f"its {name} is not what was signed", expected=signed, found=said)

    def _check_file(self, dossier: Dossier) -> None:
        """The current credential has its file, which is what it was and holds that credential."""
        current = next((each for each in dossier.credentials if each.is_current and each.state == "signed"), None)
        if current is None:
            return
        file = dossier.file
        if file is not None and file.credential_id == current.id:
            self._files.check(file, current)
        elif current.signed_at < self._late and dossier.row.id not in self._under_way:
            self._add(dossier, "its credential has no file", expected=f"a file of number {current.number}", found=None)


def _statement(change: AnyRow) -> str:
    """What a change of state commits to: JSON in the canonical form of RFC 8785."""
    said = {
        "at": change.at.isoformat().replace("+00:00", "Z"),
        "certificate": change.certificate_id,
        "number": change.number,
        "reason": change.reason,
        "state": change.state,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _share(score: Any) -> str:
    return "no score" if score is None else f"{float(score):.4f}"
