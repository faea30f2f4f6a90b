"""Credentials checked: what was committed to, the leaf, the signed document, the JWT."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, select

from certificates.adapters.checking.evidence import Evidence, Key, read_hex
from certificates.adapters.checking.findings import Findings
from certificates.adapters.checking.notes import parse_note, signers
from certificates.adapters.checking.proofs import LogProof, find_fault_of_jwt, find_fault_of_proof, read_log_proof
from certificates.adapters.checking.tables import credential, log_checkpoint, log_leaf

_UNSIGNED = {"evidence", "proof"}

CREDENTIALS = select(
    credential,
    log_leaf.c.kind.label("leaf_kind"),
    log_leaf.c.commitment.label("leaf_commitment"),
    log_leaf.c.leaf_hash,
    log_leaf.c.at.label("leaf_at"),
).outerjoin(log_leaf, log_leaf.c.index == credential.c.leaf_index)

AnyRow = Row[*tuple[Any, ...]]


class CredentialChecker:
    """Checks credentials in batches."""

    def __init__(self, evidence: Evidence, findings: Findings, *, is_quick: bool) -> None:
        self._evidence = evidence
        self._findings = findings
        self._is_quick = is_quick
        self._log_keys = evidence.keys_for("log")

    def check(self, rows: Iterable[AnyRow]) -> None:
        documents = [(row, self._check_intent(row)) for row in rows]
        signed = [(row, document) for row, document in documents if row.state == "signed" and document is not None]
        notes = self._stored_notes(document for _, document in signed)
        for row, document in signed:
            self._check_document(row, document, notes)

    def _add(self, row: AnyRow, rule: str, *, expected: object, found: object) -> None:
        self._findings.add("credential", name_of(row), rule, expected=expected, found=found)

    def _expect(self, row: AnyRow, rule: str, *, expected: object, found: object) -> bool:
        return self._findings.expect("credential", name_of(row), rule, expected=expected, found=found)

    def _check_intent(self, row: AnyRow) -> dict[str, Any] | None:
        """The leaf and the commitment; the parsed document when there is one that can be read."""
        self._findings.checked["credential"] += 1
        check_leaf(self._findings, "credential", name_of(row), row, kind="credential", at=row.intended_at)
        if row.state == "erased":
            return None
        computed = commitment(row.salt, row.content)
        rule = "the commitment is not that of salt and content"
        self._expect(row, rule, expected=computed, found=row.commitment)
        if row.document is None:
            return None
        document = _parse(row.document)
        if document is None:
            self._add(row, "the document cannot be read", expected="a JSON object", found=row.document)
        return document

    def _stored_notes(self, documents: Iterable[dict[str, Any]]) -> dict[int, str]:
        """The stored checkpoints to which these documents refer, by size."""
        found = (parse_note(proof.note) for proof in map(_log_proof, documents) if proof is not None)
        sizes = {note.size for note in found if note is not None}
        rows = self._evidence.all(
            select(log_checkpoint.c.size, log_checkpoint.c.note).where(log_checkpoint.c.size.in_(sizes))
        )
        return {row.size: row.note for row in rows}

    def _check_document(self, row: AnyRow, document: dict[str, Any], notes: Mapping[int, str]) -> None:
        signed = {name: value for name, value in document.items() if name not in _UNSIGNED}
        rule = "the document is not what was committed to"
        self._expect(row, rule, expected=_parse(row.content), found=signed)
        self._check_inclusion(row, document, notes)
        self._check_status(row, document)
        self._check_signature(row, document, row.key_id, "credential")
        self._check_signature(row, document, row.document_key_id, "document")

    def _check_inclusion(self, row: AnyRow, document: dict[str, Any], notes: Mapping[int, str]) -> None:
        """The proof that the document carries: this leaf, this salt, a checkpoint of ours that was signed."""
        proof = _log_proof(document)
        note = parse_note(proof.note) if proof is not None else None
        if proof is None or note is None:
            self._add(row, "the document has no proof of inclusion", expected="a proof", found=document.get("evidence"))
            return
        self._expect(row, "the document names another leaf", expected=row.leaf_index, found=proof.index)
        self._expect(row, "the document carries another salt", expected=row.salt, found=proof.salt)
        rule = "the document carries another checkpoint than the log"
        self._expect(row, rule, expected=notes.get(note.size), found=proof.note)
        leaf = read_hex(row.leaf_hash)
        rule = "the proof of inclusion does not lead to the root"
        self._expect(row, rule, expected=note.root, found=proof.root_above(leaf, note.size))
        if not signers(self._log_keys, note):
            self._add(row, "the checkpoint in it is not signed", expected="a key of the log", found="none")

    def _check_status(self, row: AnyRow, document: dict[str, Any]) -> None:
        """The place in the status lists that was drawn is the one that was signed."""
        entry = document.get("credentialStatus")
        address = str(entry.get("id")) if isinstance(entry, dict) else ""
        rule = "the document has another place in the status list"
        expected = f"-{row.status_list}#{row.status_index}"
        self._expect(row, rule, expected=expected, found=address[-len(expected) :])

    def _check_signature(self, row: AnyRow, document: dict[str, Any], key_id: str, purpose: str) -> None:
        key = self._evidence.keys.get(key_id)
        if key is None or key.purpose != purpose:
            self._add(row, "it names no key that may sign it", expected=f"a {purpose} key", found=key_id)
            return
        if row.is_current and key.state == "compromised":
            self._add(row, "its key is not trusted any more", expected="a credential signed anew", found=key_id)
        fault = None if self._is_quick else self._fault(row, document, key)
        if fault is not None:
            self._add(row, "its signature does not hold", expected=f"one by {key_id}", found=fault)

    def _fault(self, row: AnyRow, document: dict[str, Any], key: Key) -> str | None:
        try:
            if key.purpose == "document":
                return find_fault_of_jwt(row.jwt, document, key)
            return find_fault_of_proof(document, key)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            return f"it is not formed as our credentials are: {error!r}"


def check_leaf(findings: Findings, table: str, name: str, row: AnyRow, *, kind: str, at: object) -> None:
    """What a row says of its leaf: there is one, of this kind, with this commitment, of this instant."""
    if row.leaf_kind is None:
        findings.add(table, name, "it has no leaf in the log", expected=f"leaf {row.leaf_index}", found=None)
        return
    findings.expect(table, name, "its leaf is of another kind", expected=kind, found=row.leaf_kind)
    rule = "its leaf commits to something else"
    findings.expect(table, name, rule, expected=row.commitment, found=row.leaf_commitment)
    findings.expect(table, name, "its leaf is of another instant", expected=at, found=row.leaf_at)


def commitment(salt: str, statement: str) -> str:
    """SHA-256 of the salt's bytes and the statement; in words when the salt is no hex."""
    try:
        return hashlib.sha256(bytes.fromhex(salt) + statement.encode()).hexdigest()
    except ValueError:
        return "a salt in hex"


def name_of(row: AnyRow) -> str:
    """How a finding names a credential."""
    return f"{row.id} (certificate {row.certificate_id}, number {row.number})"


def _log_proof(document: dict[str, Any]) -> LogProof | None:
    try:
        return read_log_proof(document["evidence"][0]["narrative"])
    except (AttributeError, IndexError, KeyError, TypeError):
        return None


def _parse(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
