"""Formulas as they are published: the docstring of the code that computes them, laid out for reading."""

import re
from inspect import cleandoc
from urllib.parse import quote

from markupsafe import Markup, escape

_ADDRESS = re.compile(r"(?P<code>`+[^`]+`+)|\bdoi:\s*(?P<doi>10\.\d{4,9}/\S+)|(?P<url>https?://\S+)")
_BULLET = re.compile(r"(?:[-*•]|\d+[.)])\s+")
_LABEL = re.compile(r"[A-Z][\w ,()-]{0,40}: ")  # "Evidence: F1 of the passages …" begins a line of its own
_TO_CALLERS = ("Raises ", "Raise ")  # a paragraph for programmers


def publish(docstring: str | None, *, opening: str) -> Markup:
    """Return a docstring as HTML: its paragraphs, lists and indented formulas, its DOIs and addresses as links.

    `opening` stands for the word Return with which it begins. Raises ValueError without a docstring: what is
    not written down cannot be published.
    """
    if not docstring:
        raise ValueError("there is no docstring to publish")
    text = re.sub(r"^Returns? ", f"{opening} ", cleandoc(docstring))
    blocks = re.split(r"\n[ \t]*\n", text)
    return Markup("\n").join(_block(block) for block in blocks if not block.startswith(_TO_CALLERS))


def _block(block: str) -> Markup:
    lines = block.split("\n")
    if all(line.startswith("    ") for line in lines):
        return Markup("<pre>{}</pre>").format(cleandoc("\n" + block))
    before, entries = _entries(lines)
    paragraph = Markup("<p>{}</p>").format(_linked(before)) if before else Markup("")
    if not entries:
        return paragraph
    listed = Markup("").join(Markup("<li>{}</li>").format(_linked(entry)) for entry in entries)
    return paragraph + Markup("<ul>{}</ul>").format(listed)


def _entries(lines: list[str]) -> tuple[str, list[str]]:
    """The words before a list, and its entries; a list has bullets, or lines that each begin with a label."""
    is_labelled = bool(_LABEL.match(lines[0])) and sum(bool(_LABEL.match(line)) for line in lines) > 1
    begins = _LABEL if is_labelled else _BULLET
    groups = [""]
    for line in lines:
        if begins.match(line):
            groups.append(line if is_labelled else _BULLET.sub("", line, count=1))
        else:
            groups[-1] = f"{groups[-1]} {line.strip()}".strip()
    return groups[0], groups[1:]


def _linked(text: str) -> Markup:
    text = text.replace("^2", "²")
    parts, at = [], 0
    for found in _ADDRESS.finditer(text):
        parts.append(escape(text[at : found.start()]))
        at = found.end()
        if found["code"]:
            parts.append(Markup("<code>{}</code>").format(found["code"].strip("`")))
            continue
        shown = found["doi"] or found["url"]
        address = _without_the_stop(shown)
        url = f"https://doi.org/{quote(address, safe='/():;')}" if found["doi"] else address
        label = f"doi:{address}" if found["doi"] else address
        parts.append(Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(url, label))
        at -= len(shown) - len(address)
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def _without_the_stop(address: str) -> str:
    """An address without what belongs to the sentence around it: stops, and brackets that it does not open."""
    while address[-1] in ".,;:" or (address[-1] == ")" and address.count(")") > address.count("(")):
        address = address[:-1]
    return address
