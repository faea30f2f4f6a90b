"""The whole check: the tree, what refers to its leaves, and every certificate. Imports PyLD and pyHanko."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, select

from certificates.adapters.checking.certificates import CertificateChecker
from certificates.adapters.checking.evidence import Evidence, snapshot
from certificates.adapters.checking.files import FileChecker
from certificates.adapters.checking.findings import Findings
from certificates.adapters.checking.tables import certificate, credential, log_leaf, state_change
from certificates.adapters.checking.tree import TreeChecker


class Watch(Protocol):
    """Who is told how far the check is: a count of what is to be done, and how much more was done."""

    def __call__(self, title: str, total: int) -> AbstractContextManager["Tally"]: ...


class Tally(Protocol):
    """Counts what was done."""

    def update(self, done: int, /) -> object: ...


def check_everything(
    engine: Engine, *, published: str | None, folder: Path, at: datetime, is_quick: bool, watch: Watch
) -> Findings:
    """Recompute everything that the log and the certificates claim, from one snapshot of the database.

    `published` is the note of the published head, read before; `folder` holds the stored PDFs. Quickly means without
    the signatures of credentials and without what is inside the PDFs; their hashes are compared all the same.
    """
    findings = Findings()
    with snapshot(engine) as evidence:
        with watch("Leaves", evidence.count("log_leaf")) as done:
            TreeChecker(evidence, findings, published).check(done.update)
        _check_references(evidence, findings)
        files = FileChecker(evidence, findings, folder, is_quick=is_quick)
        with watch("Certificates", evidence.count("certificate")) as done:
            CertificateChecker(evidence, findings, files, at, is_quick=is_quick).check(done.update)
    return findings


def _check_references(evidence: Evidence, findings: Findings) -> None:
    """Every leaf belongs to one credential or one change of state, and these to a certificate."""
    for place in _leaves_of_nobody(evidence):
        findings.add(
            "log_leaf", place, "nothing that was logged refers to it", expected="a credential or a change", found=None
        )
    for table in (credential, state_change):
        owner = select(certificate.c.id).where(certificate.c.id == table.c.certificate_id)
        orphans = select(table.c.certificate_id, table.c.number).where(~owner.exists())
        for certificate_id, number in evidence.stream(orphans):
            row = f"{number} of certificate {certificate_id}"
            findings.add(table.name, row, "its certificate is missing", expected=certificate_id, found=None)


def _leaves_of_nobody(evidence: Evidence) -> Iterator[int]:
    credentials = select(credential.c.id).where(credential.c.leaf_index == log_leaf.c.index)
    changes = select(state_change.c.number).where(state_change.c.leaf_index == log_leaf.c.index)
    statement = select(log_leaf.c.index.label("place")).where(~credentials.exists(), ~changes.exists())
    return (row.place for row in evidence.stream(statement.order_by(log_leaf.c.index)))
