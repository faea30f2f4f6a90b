"""Shades of a colour: the nearest darker one that can be read on the paper of a certificate."""

from colorsys import hls_to_rgb, rgb_to_hls

from certificates.domain.design import LEAST_CONTRAST, PAPER_COLOUR, contrast

_STEP = 0.01  # of lightness


def readable_shade(colour: str) -> str:
    """Return the colour "#rrggbb" itself when it reaches the contrast with the paper, else the next darker that does.

    Hue and saturation stay, as far as eight bits a channel let them. Black always does.
    """
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = rgb_to_hls(red, green, blue)
    shade = colour.lower()
    while contrast(shade, PAPER_COLOUR) < LEAST_CONTRAST:
        lightness = max(0.0, lightness - _STEP)
        shade = "#" + "".join(f"{round(channel * 255):02x}" for channel in hls_to_rgb(hue, lightness, saturation))
    return shade
