"""Stored PDFs checked: there, unchanged, and holding the credential that they are the print of. Imports pyHanko."""

import hashlib
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Row

from certificates.adapters.checking.evidence import Evidence
from certificates.adapters.checking.findings import Findings
from certificates.adapters.pdf.dissection import dissect
from certificates.adapters.pdf.reading import SignedPdf, UnreadablePdf

AnyRow = Row[*tuple[Any, ...]]


class FileChecker:
    """Reads the files of a folder, in which each is named by its hash."""

    def __init__(self, evidence: Evidence, findings: Findings, folder: Path, *, is_quick: bool) -> None:
        self._findings = findings
        self._folder = folder
        self._is_quick = is_quick
        self._signers = {_der(key.x509) for key in evidence.keys.values() if key.x509}

    def check(self, file: AnyRow, credential: AnyRow) -> None:
        """The file of a current credential."""
        name, findings = f"of certificate {file.certificate_id}", self._findings
        findings.checked["certificate_file"] += 1
        try:
            content = (self._folder / f"{file.sha256}.pdf").read_bytes()
        except OSError as error:
            findings.add("certificate_file", name, "the file is missing", expected=file.sha256, found=error.strerror)
            return
        rule = "the file is not what it was"
        digest = hashlib.sha256(content).hexdigest()
        is_same = findings.expect("certificate_file", name, rule, expected=file.sha256, found=digest)
        findings.expect("certificate_file", name, "its length is another", expected=file.byte_count, found=len(content))
        if is_same and not self._is_quick:
            self._check_parts(name, content, credential.document)

    def _check_parts(self, name: str, content: bytes, document: str) -> None:
        try:
            signed = dissect(content)
        except UnreadablePdf as error:
            self._findings.add("certificate_file", name, "it is no signed PDF", expected="one of ours", found=error)
            return
        self._check_signature(name, signed)
        rule = "it holds another credential"
        embedded = signed.credential.decode("utf-8", "replace")
        self._findings.expect("certificate_file", name, rule, expected=document, found=embedded)

    def _check_signature(self, name: str, signed: SignedPdf) -> None:
        if not signed.is_intact or not signed.covers_whole_document:
            found = " ".join(signed.problems) or "a part that is not covered"
            self._findings.add(
                "certificate_file", name, "its signature does not hold", expected="one that does", found=found
            )
        if signed.signer_certificate not in self._signers:
            rule = "it is signed with a key that is not ours"
            self._findings.add("certificate_file", name, rule, expected="one of our document keys", found=None)


def _der(pem: str) -> bytes:
    """The certificate in DER; empty for what is none."""
    try:
        return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
    except ValueError:
        return b""
