"""Plain text becomes markup from which the same text is read: paragraphs, line ends, and `pre` where spaces matter."""

import re

from lxml import etree

# The classes by which we know parts of our own items again.
PASSAGE = "assay-passage"
PASSAGE_TITLE = "assay-passage-title"
CRITERIA = "assay-criteria"

# Spacing that a browser, and our own reading, would collapse.
_IRREGULAR = re.compile(r"[\t\r]|  |^ | $|\n{3}|^[^\S\n]+$", re.MULTILINE)


def write_blocks(parent: etree._Element, text: str) -> None:
    """Append a text to an element as paragraphs."""
    if _IRREGULAR.search(text):
        etree.SubElement(parent, "pre").text = text
        return
    for paragraph in text.split("\n\n"):
        _write_lines(etree.SubElement(parent, "p"), paragraph)


def write_running(element: etree._Element, text: str) -> None:
    """Write a text into an empty element: without markup where it is one paragraph."""
    if "\n\n" in text or _IRREGULAR.search(text):
        write_blocks(element, text)
    else:
        _write_lines(element, text)


def _write_lines(element: etree._Element, paragraph: str) -> None:
    first, *others = paragraph.split("\n")
    element.text = first
    for line in others:
        etree.SubElement(element, "br").tail = line
