"""Logos as organisations upload them: judged by their content, and written anew as a small PNG without metadata."""

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

LOGO_BYTES = 512_000
LONGEST_SIDE = 2000  # pixels
_KEPT = (1200, 480)  # pixels: 300 dots an inch and more where it is printed largest
# What Pillow raises for files that are damaged or made to harm.
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, OverflowError, struct.error, zlib.error, MemoryError)


def read_logo(data: bytes) -> bytes:
    """Return an uploaded PNG or JPEG as a PNG of at most LOGO_BYTES, without anything but its pixels.

    Raises ValueError with a sentence for people for what is no PNG or JPEG, is too large, or cannot be read.
    """
    # Pillow is 8 MB that a web process needs only when somebody uploads a logo.
    from PIL import Image, ImageFile, ImageOps  # noqa: PLC0415

    if len(data) > LOGO_BYTES:
        raise ValueError(f"The logo is too large: at most {LOGO_BYTES // 1000} kB.")
    try:
        opened = Image.open(BytesIO(data), formats=["PNG", "JPEG"])
    except (*_DAMAGED, Image.DecompressionBombError) as fault:
        raise ValueError("The logo is a PNG or a JPEG file; this file is neither.") from fault
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, where it is loaded, lets half a picture pass
    with opened:
        # The size is written at the beginning of the file: nothing is unpacked before it is known to be small.
        if max(opened.size) > LONGEST_SIDE:
            width, height = opened.size
            raise ValueError(
                f"The logo has {width} by {height} pixels; at most {LONGEST_SIDE} by {LONGEST_SIDE} are taken."
            )
        try:
            upright = ImageOps.exif_transpose(opened)
            pixels = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        except (*_DAMAGED, Image.DecompressionBombError) as fault:
            raise ValueError("The logo cannot be read: the file is damaged.") from fault
    return _small_enough(pixels)


def _small_enough(pixels: "Image") -> bytes:
    """The PNG; a picture that does not compress is made smaller until it fits."""
    pixels.thumbnail(_KEPT)
    while len(written := _png(pixels)) > LOGO_BYTES:
        pixels.thumbnail((max(1, pixels.width * 3 // 4), max(1, pixels.height * 3 // 4)))
    return written


def _png(pixels: "Image") -> bytes:
    written = BytesIO()
    pixels.info = {}
    pixels.save(written, "PNG", optimize=True)
    return written.getvalue()
