"""Badges with something baked in, as our own and other software makes them and as nobody should."""

import io
import struct
import zlib
from collections.abc import Callable
from xml.sax.saxutils import quoteattr

from openbadgeslib.baking import ITXT_KEYWORD_OB3, SVG_ELEMENT_OB3, SVG_NS_OB3
from openbadgeslib.baking import bake_png as bake_png_elsewhere
from openbadgeslib.baking import bake_svg as bake_svg_elsewhere
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from certificates.adapters.badge.baking import KEYWORD, NAMESPACE, bake_png, bake_svg
from certificates.adapters.badge.chunks import SIGNATURE, chunks_of
from certificates.adapters.badge.drawing import Face, draw_badge
from certificates.adapters.rasterizing import png_of
from certificates.domain.design import HOUSE_DESIGN

DRAWING = draw_badge(Face("Badge: Reviewer, 2026", "Reviewer", "Assay", 2026, HOUSE_DESIGN.accent))
PICTURE = png_of(DRAWING, width=40)
EMPTY_SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def international(text: bytes, *, keyword: str = KEYWORD, flags: bytes = b"\0\0") -> bytes:
    """The body of an iTXt chunk."""
    return keyword.encode() + b"\0" + flags + b"\0\0" + text


def png_with(*bodies: bytes, name: bytes = b"iTXt") -> bytes:
    """A PNG with these text chunks, whatever is in them."""
    chunks = [(found.encode(), bytes(body)) for found, body in chunks_of(PICTURE)]
    made = [*chunks[:1], *((name, body) for body in bodies), *chunks[1:]]
    return SIGNATURE + b"".join(chunk(*one) for one in made)


def svg_with(inside: str) -> bytes:
    """An SVG with this markup in it."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges={}>{}</svg>'
    return svg.format(quoteattr(NAMESPACE), inside).encode()


def compressed(text: str) -> bytes:
    """A PNG whose text is compressed, by an image library."""
    words, made = PngInfo(), io.BytesIO()
    words.add_itxt(KEYWORD, text, "en", "Urkunde", zip=True)
    Image.open(io.BytesIO(PICTURE)).save(made, "PNG", pnginfo=words)
    return made.getvalue()


def in_attribute(text: str) -> bytes:
    return svg_with(f"<openbadges:credential verify={quoteattr(text)}/>")


def elsewhere_in_png(text: str) -> bytes:
    return bytes(bake_png_elsewhere(PICTURE, text, "a remark", keyword=ITXT_KEYWORD_OB3))


def elsewhere_in_svg(text: str) -> bytes:
    baked = bake_svg_elsewhere(
        DRAWING.encode(), text, "a remark", element=SVG_ELEMENT_OB3, namespace=SVG_NS_OB3, as_text=True
    )
    return bytes(baked)


# Every way in which a credential comes in a picture.
WAYS: dict[str, Callable[[str], bytes]] = {
    "our PNG": lambda text: bake_png(PICTURE, text),
    "our SVG": lambda text: bake_svg(DRAWING, text).encode(),
    "SVG in UTF-16": lambda text: bake_svg(DRAWING, text).encode("utf-16"),
    "compressed PNG": compressed,
    "SVG attribute": in_attribute,
    "PNG of openbadgeslib": elsewhere_in_png,
    "SVG of openbadgeslib": elsewhere_in_svg,
}
