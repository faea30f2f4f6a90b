"""Linked data: the canonical statements of a JSON-LD document, with our own pinned contexts and nothing from outside.

The contexts hold the terms that our credentials use, as the published ones define them: Verifiable Credentials Data
Model v2.0, appendix B.1, and Open Badges 3.0, context 3.0.3. They are flat where those are nested by type: in what we
sign no term stands where it would mean something else, and a document of another shape is refused before it comes here.
PyLD takes 5 MB: no web process imports this module.
"""

import json
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from pyld import jsonld, nquads

CREDENTIALS_CONTEXT = "https://www.w3.org/ns/credentials/v2"
BADGES_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_ONE_AT_A_TIME = Lock()  # PyLD keeps processed contexts in caches that are not made for threads
_FILES = {CREDENTIALS_CONTEXT: "credentials_v2.json", BADGES_CONTEXT: "open_badges_3.json"}

# How canonical N-Quads write the characters of a literal. Source: RDF 1.2 N-Quads, section 3.1; RDFC-1.0 uses it.
_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)}
_ESCAPES |= {ord(c): f"\\{letter}" for c, letter in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)}


def _escape(text: str) -> str:
    return text.translate(_ESCAPES)


# PyLD 3.3 leaves control characters as they are, also where it hashes; then other programs find the signature wrong.
nquads.escape = _escape


def canonical_statements(document: dict[str, Any]) -> bytes:
    """The document's statements as canonical N-Quads, in UTF-8. Source: RDF Dataset Canonicalization (RDFC-1.0).

    Raises ValueError for any context but the two that we pin, and for what JSON-LD cannot take.
    """
    _refuse_other_contexts(document)
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load}
    try:
        with _ONE_AT_A_TIME:
            statements: str = jsonld.normalize(document, options)
        return statements.encode()
    except jsonld.JsonLdError as error:
        raise ValueError(f"it is not JSON-LD that can be signed: {error.type}") from None


def _refuse_other_contexts(document: dict[str, Any]) -> None:
    """A context inside the document could give the same words another meaning."""
    contexts = document.get("@context")
    listed = contexts if isinstance(contexts, list) else [contexts]
    for context in listed:
        if not isinstance(context, str) or context not in _FILES:
            raise ValueError(f"it asks for a context that is not ours: {str(context)[:100]}")
    inner: list[Any] = [value for name, value in document.items() if name != "@context"]
    while inner:
        value = inner.pop()
        if isinstance(value, dict):
            if "@context" in value:
                raise ValueError("it has a context inside")
            inner.extend(value.values())
        elif isinstance(value, list):
            inner.extend(value)


@cache
def _context(url: str) -> dict[str, Any]:
    path = Path(__file__).parent / "contexts" / _FILES[url]
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _load(url: str, _options: dict[str, Any] | None = None) -> dict[str, Any]:
    """PyLD's document loader: two addresses are known, and nothing is ever fetched."""
    if url not in _FILES:
        raise ValueError(f"it asks for a context that is not ours: {url[:100]}")
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": _context(url),
    }
