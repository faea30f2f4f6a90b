"""Bakes a credential into a picture, so that the picture alone can be verified.

Source: Open Badges 3.0, section 5.3, "Baked badges".
"""

import struct
import zlib
from xml.sax.saxutils import quoteattr

from certificates.adapters.badge.chunks import SIGNATURE

KEYWORD = "openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
_HEADER_END = len(SIGNATURE) + 4 + 4 + 13 + 4  # length, name, body and checksum of IHDR, which comes first
_ROOT = "<svg "


def bake_png(picture: bytes, document: str) -> bytes:
    """The PNG with the credential (JSON with its proof) as an uncompressed iTXt chunk before the picture's data.

    Raises ValueError when the picture is no PNG.
    """
    if not picture.startswith(SIGNATURE) or picture[12:16] != b"IHDR":
        raise ValueError("this picture is no PNG")
    # Keyword, not compressed, no language, no translated keyword; each text ends with a zero byte.
    body = KEYWORD.encode("ascii") + b"\0\0\0\0\0" + document.encode()
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))
    return picture[:_HEADER_END] + chunk + picture[_HEADER_END:]


def bake_svg(picture: str, document: str) -> str:
    """The SVG with the credential (JSON with its proof) in an element of its own.

    Raises ValueError when the picture does not begin with its `svg` element.
    """
    if not picture.startswith(_ROOT):
        raise ValueError("this picture is no SVG")
    # What XML cannot hold, such as the end of a CDATA section in a text, has another spelling in JSON.
    text = document.replace("]]>", "]]\\u003e").replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    root = f"{_ROOT}xmlns:openbadges={quoteattr(NAMESPACE)} "
    inside = picture.index(">") + 1
    return (
        f"{root}{picture[len(_ROOT) : inside]}"
        f"<openbadges:credential><![CDATA[{text}]]></openbadges:credential>{picture[inside:]}"
    )
