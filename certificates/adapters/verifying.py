"""Verifies a file (PDF, credential, JWT, baked badge) by its signatures alone, or against the issuer's records as well.

Imports PyLD, which no other page needs: a web process imports this when the first file comes.
"""

from datetime import datetime
from typing import Any

from certificates.adapters.canonical_json import canonical
from certificates.adapters.credential_files import read_credential_file
from certificates.adapters.credential_jwt import BadToken, UnknownTokenKey, check_jwt
from certificates.adapters.data_integrity import BadProof, UnknownKey, check_proof
from certificates.adapters.pdf_signer import check_pdf
from certificates.domain.checkpoints import read_note
from certificates.domain.credential import check_shape, content_of
from certificates.domain.credential_facts import facts_of
from certificates.domain.instants import read_seconds
from certificates.domain.log_leaves import commitment, leaf_bytes
from certificates.domain.log_trust import open_checkpoint
from certificates.domain.merkle import check_inclusion, leaf_hash
from certificates.domain.records import Claim, Records, inclusion_of
from certificates.domain.trust import TrustedKeys
from certificates.domain.verdicts import (
    Check,
    Facts,
    FileKind,
    Outcome,
    VerificationReport,
    make_report,
    not_made,
    passed,
    worst_of,
)

_KIND = {
    FileKind.PDF: "a PDF with a credential in it",
    FileKind.CREDENTIAL: "a credential",
    FileKind.JWT: "a JWT",
    FileKind.PNG: "a picture (PNG) with a credential in it",
    FileKind.SVG: "a picture (SVG) with a credential in it",
}
_UNSIGNED = "Nobody signs the drawing, and it may be any. Go by what is told here, not by what is drawn."
_OFFLINE = "Not asked, being offline. Only its issuer can tell whether it was suspended, withdrawn or superseded since."
_NEEDLESS = "Not asked, because the file itself does not hold."


def verify_file(data: bytes, *, trust: TrustedKeys, at: datetime, records: Records | None = None) -> VerificationReport:
    """Verify a file at an instant; offline, unless the issuer's records are given.

    Whatever the file is, the answer is a report: what cannot be read has the outcome `unreadable`.
    """
    try:
        file = read_credential_file(data)
    except ValueError as fault:
        return make_report(None, at, [Check("readable", Outcome.UNREADABLE, str(fault))], None)
    checks = [passed("readable", f"It is {_KIND[file.kind]}.")]
    if file.kind.is_picture:
        checks.append(not_made("picture", _UNSIGNED))
    document = _opened_token(file.token, trust, checks) if file.token is not None else file.document
    if document is None:
        return make_report(file.kind, at, checks, None)
    facts = _check_document(document, trust, at, checks)
    if file.pdf is not None:
        issuer = document["issuer"]["id"] if facts else ""
        checks += check_pdf(file.pdf, trust=trust, issuer=issuer, at=at)
    checks += _ask(records, document, facts, worst_of(checks))
    return make_report(file.kind, at, checks, facts)


def _opened_token(token: str, trust: TrustedKeys, checks: list[Check]) -> dict[str, Any] | None:
    """The credential in a token, when the token itself holds."""
    try:
        document = check_jwt(token, key_of=trust.p256)
    except UnknownTokenKey as fault:
        checks.append(Check("jwt", Outcome.UNKNOWN_ISSUER, _sentence(fault)))
        return None
    except BadToken as fault:
        checks.append(Check("jwt", Outcome.ALTERED, _sentence(fault)))
        return None
    checks.append(passed("jwt", "The token is signed by its issuer, and nothing in it was changed."))
    return document


def _check_document(document: dict[str, Any], trust: TrustedKeys, at: datetime, checks: list[Check]) -> Facts | None:
    """Add what there is to say about a credential; its facts, unless it has not the shape of one of ours."""
    try:
        check_shape(document)
        facts = facts_of(content_of(document))
    except ValueError as fault:
        checks.append(_misshapen(document, trust, fault))
        return None
    checks.append(passed("credential", "It holds what a credential of Assay holds, and nothing else."))
    checks += _proof(document, trust)
    checks.append(_log(document, trust))
    checks.append(_dates(facts, at))
    return facts


def _misshapen(document: dict[str, Any], trust: TrustedKeys, fault: ValueError) -> Check:
    issuer = document.get("issuer")
    did = issuer.get("id") if isinstance(issuer, dict) else issuer
    if isinstance(did, str) and trust.is_known(did):
        return Check("credential", Outcome.ALTERED, _sentence(fault))
    return Check("credential", Outcome.UNKNOWN_ISSUER, _sentence(fault))


def _proof(document: dict[str, Any], trust: TrustedKeys) -> list[Check]:
    did = document["issuer"]["id"]
    if not trust.is_known(did):
        says = f"It names {did} as its issuer, whose keys are not among those that are trusted."
        return [Check("signer", Outcome.UNKNOWN_ISSUER, says), not_made("proof", "There is no key to check it with.")]
    try:
        method = check_proof(document, key_of=trust.ed25519)
    except UnknownKey as fault:
        unchecked = not_made("proof", "There is no key to check it with.")
        return [Check("signer", Outcome.UNKNOWN_ISSUER, _sentence(fault)), unchecked]
    except BadProof as fault:
        return [Check("proof", Outcome.ALTERED, _sentence(fault))]
    if method.partition("#")[0] != did:
        return [Check("signer", Outcome.ALTERED, f"It is signed with {method}, a key of another issuer.")]
    return [
        passed("proof", "The signature fits: nothing in the credential was changed."),
        passed("signer", f"Its issuer vouches for the key that signed it, {method.partition('#')[2]}."),
    ]


def _log(document: dict[str, Any], trust: TrustedKeys) -> Check:
    """The way from the credential's content to the log's signed checkpoint, computed from the file alone."""
    try:
        claim = _claim(document)
        inclusion, root = claim.inclusion, read_note(claim.inclusion.note).root
        leaf = leaf_hash(leaf_bytes("credential", claim.commitment, read_seconds(document["proof"][0]["created"])))
    except ValueError as fault:
        return Check("log", Outcome.ALTERED, f"Its entry in the issuance log cannot be read: {fault}.")
    if not check_inclusion(leaf, inclusion.index, inclusion.size, inclusion.path, root):
        return Check("log", Outcome.ALTERED, "It is not the credential that was entered into the issuance log.")
    try:
        open_checkpoint(inclusion.note, trust=trust, issuer=document["issuer"]["id"])
    except ValueError as fault:
        return Check("log", Outcome.UNKNOWN_ISSUER, _sentence(fault))
    return passed("log", f"It is entry {inclusion.index} of the issuance log, as its issuer's checkpoint shows.")


def _claim(document: dict[str, Any]) -> Claim:
    inclusion = inclusion_of(document)
    facts = facts_of(document)
    committed = commitment(inclusion.extra.hex(), canonical(content_of(document)))
    return Claim(facts.certificate_id, facts.number, committed, inclusion)


def _dates(facts: Facts, at: datetime) -> Check:
    first, last = facts.issued_at.date().isoformat(), facts.valid_until.date().isoformat()
    if at < facts.issued_at:
        return Check("dates", Outcome.EXPIRED, f"It is valid only from {first} on.")
    if at >= facts.valid_until:
        return Check("dates", Outcome.EXPIRED, f"It was valid until {last}.")
    return passed("dates", f"It is valid from {first} until {last}.")


def _ask(records: Records | None, document: dict[str, Any], facts: Facts | None, so_far: Outcome) -> list[Check]:
    if facts is None or so_far in {Outcome.ALTERED, Outcome.UNKNOWN_ISSUER}:
        return [not_made("state", _NEEDLESS)]
    return [not_made("state", _OFFLINE)] if records is None else records.checks(_claim(document))


def _sentence(fault: ValueError) -> str:
    text = str(fault)
    return f"{text[:1].upper()}{text[1:]}."
