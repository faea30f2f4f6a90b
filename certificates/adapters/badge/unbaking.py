"""Takes the credential out of a baked picture that a stranger sent; nothing is verified by that.

Source: Open Badges 3.0, section 5.3, "Baked badges". It wants the text of a PNG uncompressed; other software
compresses it nonetheless, so that is read too.
"""

import zlib

from assessments.adapters.safe_xml import UnsafeXml, parse
from certificates.adapters.badge.baking import KEYWORD, NAMESPACE
from certificates.adapters.badge.chunks import chunks_of
from certificates.adapters.canonical_json import MOST_BYTES

_KEYWORD = KEYWORD.encode("ascii")
_TEXT_CHUNKS = {"iTXt", "tEXt", "zTXt"}
_SVG = "http://www.w3.org/2000/svg"
_CREDENTIAL = f"{{{NAMESPACE}}}credential"
# Where versions 1 and 2 of Open Badges keep what is no verifiable credential.
_OLD_KEYWORD, _OLD_ELEMENT = b"openbadges", "{http://openbadges.org}assertion"

_NOTHING = (
    "This picture ({}) holds no credential; expected a badge as its holder downloaded it. A screenshot or a copy that"
    " a site made smaller has lost it."
)
_OLD = "This picture ({}) holds a badge of Open Badges 1 or 2; expected a credential of Open Badges 3.0."
_SEVERAL = "This picture ({}) holds {} credentials; expected one."
_TOO_LARGE = "The credential in this picture is larger than one megabyte; expected at most that."


def credential_in_png(data: bytes) -> bytes:
    """The text baked into a PNG. Raises ValueError, with a sentence for people, unless there is exactly one."""
    texts = [(_keyword(body), name, body) for name, body in chunks_of(data) if name in _TEXT_CHUNKS]
    baked = [(name, bytes(body)) for keyword, name, body in texts if keyword == _KEYWORD]
    if not baked:
        raise ValueError((_OLD if any(keyword == _OLD_KEYWORD for keyword, *_ in texts) else _NOTHING).format("PNG"))
    if len(baked) > 1:
        raise ValueError(_SEVERAL.format("PNG", len(baked)))
    [(name, body)] = baked
    if name != "iTXt":
        raise ValueError(f"The credential in this PNG stands in a chunk {name}; expected iTXt.")
    return _international_text(body)


def credential_in_svg(data: bytes) -> bytes:
    """The text baked into an SVG. Raises ValueError, with a sentence for people, unless there is exactly one."""
    try:
        root = parse(data)
    except UnsafeXml as fault:
        where = f" in line {fault.line}" if fault.line else ""
        raise ValueError(f"This XML cannot be read{where}: {fault}.") from None
    if root.tag != f"{{{_SVG}}}svg":
        raise ValueError(f"This is XML that begins with {root.tag[:80]}; expected a drawing (SVG).")
    baked = list(root.iter(_CREDENTIAL))
    if not baked:
        is_old = next(root.iter(_OLD_ELEMENT), None) is not None
        raise ValueError((_OLD if is_old else _NOTHING).format("SVG"))
    given = [text for one in baked for text in (one.get("verify"), one.text) if text and text.strip()]
    if len(baked) > 1 or len(given) > 1:
        raise ValueError(_SEVERAL.format("SVG", max(len(baked), len(given))))
    if not given or len(baked[0]):
        found = "elements or comments" if len(baked[0]) else "nothing"
        raise ValueError(f"Where this SVG should hold its credential stands {found}; expected text alone.")
    return _bounded(given[0].encode())


def _keyword(body: memoryview) -> bytes:
    """What a text chunk is about; at most 79 bytes and a zero byte behind them."""
    return bytes(body[:80]).partition(b"\0")[0]


def _international_text(body: bytes) -> bytes:
    """The text of an iTXt chunk: keyword, is it compressed, how, language, translated keyword, text."""
    flags, rest = body[len(_KEYWORD) + 1 : len(_KEYWORD) + 3], body[len(_KEYWORD) + 3 :]
    parts = rest.split(b"\0", 2)
    if flags not in {b"\0\0", b"\1\0"} or len(parts) < 3:
        raise ValueError("The chunk of this PNG that should hold its credential is malformed; expected iTXt.")
    return _bounded(parts[2]) if flags[0] == 0 else _inflated(parts[2])


def _inflated(packed: bytes) -> bytes:
    """What was compressed; never more of it is unpacked than a credential may have."""
    unpacking = zlib.decompressobj()
    try:
        text = _bounded(unpacking.decompress(packed, MOST_BYTES + 1))
    except zlib.error:
        raise ValueError("The compressed credential in this PNG cannot be unpacked; it is damaged.") from None
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError("The compressed credential in this PNG is damaged: it does not end where it should.")
    return text


def _bounded(text: bytes) -> bytes:
    if len(text) > MOST_BYTES:
        raise ValueError(_TOO_LARGE)
    return text
