"""A certificate's record held against what was signed and logged about it: whoever changes a row by hand is noticed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from certificates.domain.contents import CertificateView, Verification
from certificates.domain.credential import StatusEntry, content_of
from certificates.domain.credential_facts import differences, facts_of
from certificates.domain.inclusion import Inclusion, read_inclusion
from certificates.domain.log_leaves import commitment, leaf_bytes
from certificates.domain.merkle import leaf_hash
from certificates.domain.standing import CertificateState
from certificates.domain.verdicts import Check


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file says that the issuer's records can confirm; the commitment is computed from the file."""

    certificate_id: str
    number: int
    commitment: str
    inclusion: Inclusion


class Records(Protocol):
    """The issuer's own records."""

    def checks(self, claim: Claim) -> list[Check]:
        """What the records say of a claim."""


@dataclass(frozen=True, slots=True)
class StoredLeaf:
    """A leaf of the log as it is stored; hashes in hex."""

    kind: str
    commitment: str
    leaf_hash: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Logged:
    """A statement that was put into the log: its bytes, its salt and commitment in hex, its leaf if there is one."""

    kind: str
    statement: bytes
    salt: str
    commitment: str
    leaf: StoredLeaf | None

    def holds(self) -> bool:
        """Whether the leaf commits to exactly this statement."""
        leaf = self.leaf
        if leaf is None or leaf.kind != self.kind or leaf.commitment != self.commitment:
            return False
        try:
            is_committed = commitment(self.salt, self.statement) == leaf.commitment
        except ValueError:  # the salt is no hex any more
            return False
        return is_committed and leaf_hash(leaf_bytes(leaf.kind, leaf.commitment, leaf.at)).hex() == leaf.leaf_hash


@dataclass(frozen=True, slots=True)
class Edition:
    """A credential of a certificate: its number, its place in the status lists, since when there is it, what it is."""

    number: int
    status: StatusEntry
    since: datetime
    logged: Logged
    document: str | None  # None: it is not signed yet


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of a certificate's state."""

    state: CertificateState
    logged: Logged


@dataclass(frozen=True, slots=True)
class Record:
    """What is stored of a certificate: its row, its newest and its current edition, the last change of its state."""

    view: CertificateView
    newest: Edition | None
    current: Edition | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class Examined:
    """What a stranger learns from an id; with any fault, nothing of it is to be relied on."""

    certificate: Verification
    edition: int | None  # None: it is not signed yet
    edition_since: datetime | None
    faults: tuple[str, ...]


def faults_of(record: Record) -> list[str]:
    """Where a record is not what was signed and logged, a sentence each."""
    return [*_faults_of_editions(record), *_faults_of_state(record)]


def unsigned_in(record: Record) -> list[str]:
    """What a record says and no edition does, a sentence each: none of it holds unless it is just being signed."""
    if record.newest is None:
        return ["It was never signed."]
    return differences(record.view, json.loads(record.newest.logged.statement))


def inclusion_of(document: dict[str, Any]) -> Inclusion:
    """The proof of inclusion that a credential carries. Raises ValueError, with a sentence, when it has none."""
    try:
        narrative = document["evidence"][0]["narrative"]
    except (KeyError, IndexError, TypeError):
        raise ValueError("it carries no proof that it is in an issuance log") from None
    return read_inclusion(str(narrative))


def document_of(edition: Edition) -> dict[str, Any]:
    """The signed credential of an edition; empty when it cannot be read."""
    try:
        document = json.loads(edition.document or "{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _faults_of_editions(record: Record) -> Iterator[str]:
    for edition in {each.number: each for each in (record.newest, record.current) if each}.values():
        if not edition.logged.holds():
            yield f"Edition {edition.number} is not what is in the issuance log."
        elif not _names_its_place(edition):
            yield f"Edition {edition.number} has another number or place in the status lists than it says."
        elif edition.document is not None and not _is_signed_content(edition):
            yield f"The signed credential of edition {edition.number} does not say what is in the issuance log."


def _faults_of_state(record: Record) -> Iterator[str]:
    said = record.change.state if record.change else CertificateState.VALID
    if record.change is not None and not record.change.logged.holds():
        yield "The last change of its state is not what is in the issuance log."
    elif record.view.state is not said:
        yield "Its state in the record is not the one that was decided and logged."


def _names_its_place(edition: Edition) -> bool:
    content = json.loads(edition.logged.statement)
    status = content["credentialStatus"]
    address = f"{status['statusListCredential']}#{status['statusListIndex']}"
    is_listed = address.endswith(f"-{edition.status.list}#{edition.status.index}")
    return is_listed and facts_of(content).number == edition.number


def _is_signed_content(edition: Edition) -> bool:
    committed: object = json.loads(edition.logged.statement)
    return content_of(document_of(edition)) == committed
