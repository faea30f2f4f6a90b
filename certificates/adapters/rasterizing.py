"""Makes PNG pictures of our own SVG drawings."""

from functools import lru_cache


@lru_cache(maxsize=16)
def png_of(svg: str, *, width: int) -> bytes:
    """An SVG as a PNG of this width in pixels; letters come from the fonts of the system.

    Nothing outside of the drawing is read: our drawings refer to nothing.
    """
    # A renderer and its fonts are nothing that a web process should load before somebody asks for a picture.
    import resvg_py  # noqa: PLC0415

    picture: bytes = resvg_py.svg_to_bytes(svg_string=svg, width=width, serif_family="Noto Serif")
    return picture
