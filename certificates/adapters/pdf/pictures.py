"""The pictures of a page as PNG: the logo, and a placeholder where the code will be drawn."""

import hashlib
from base64 import b64decode
from functools import lru_cache
from io import BytesIO

from PIL import Image

from certificates.adapters.pdf.fetching import SCHEME

CODE = f"{SCHEME}code"
MOST_PIXELS = 2000 * 2000
_LOGO_PIXELS = (900, 300)  # 360 dots an inch where it is printed largest
_ONE_PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")


def code_name() -> str:
    """The name that WeasyPrint gives the placeholder among the resources of a page."""
    return f"i{hashlib.md5(CODE.encode(), usedforsecurity=False).hexdigest()}1"


def pictures(logo: bytes | None) -> dict[str, bytes]:
    """The pictures of a page by address. Raises ValueError when the logo is no PNG, or has too many pixels."""
    shown = {CODE: _ONE_PIXEL}
    return shown if logo is None else shown | {logo_address(logo): _reduced(logo)}


def logo_address(logo: bytes) -> str:
    return f"{SCHEME}logo-{hashlib.sha256(logo).hexdigest()}"


@lru_cache(maxsize=64)
def _reduced(logo: bytes) -> bytes:
    """A logo as large as it is printed, without its metadata, and without transparency that shows nothing."""
    with Image.open(BytesIO(logo), formats=["PNG"]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError(f"the logo has {picture.width} x {picture.height} pixels")
        drawn = picture.convert("RGBA")
    drawn.thumbnail(_LOGO_PIXELS)
    if drawn.getchannel("A").getextrema() == (255, 255):
        drawn = drawn.convert("RGB")
    written = BytesIO()
    drawn.save(written, "PNG", optimize=True)
    return written.getvalue()
