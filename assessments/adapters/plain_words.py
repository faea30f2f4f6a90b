"""Mending of texts from elsewhere, so that they read well: spaces, line ends, signs that nobody sees."""

import re

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff]")
_SPACES = re.compile(r"[ \t\xa0]+")
_GAPS = re.compile(r" *\n *")
_BLANKS = re.compile(r"\n{3,}")
_WIDEST = 60  # spaces before a line


def unsound(text: str) -> str | None:
    """What makes a text impossible to store ("holds …"), or None."""
    if "\x00" in text:
        return "holds the character NUL, which no text has"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "holds half a surrogate pair, which is no character"
    return None


def plain(text: str) -> str:
    """The text with one space between words, at most one blank line, and nothing that cannot be seen."""
    lines = _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))
    return _BLANKS.sub("\n\n", _GAPS.sub("\n", _SPACES.sub(" ", lines))).strip()


def laid_out(text: str) -> str:
    """As `plain`, with the indentation of lines kept in spaces that do not break: code stays code on a page.

    Before an indented line a blank one is such a space as well, or the line would begin a paragraph, which is stripped.
    """
    lines = _LINE_ENDS.sub("\n", text).split("\n")
    laid = _BLANKS.sub("\n\n", "\n".join(indented(line.rstrip()) for line in lines)).strip()
    return laid.replace("\n\n\xa0", "\n\xa0\n\xa0")


def indented(line: str) -> str:
    """One line with its indentation in spaces that do not break, and one space between words."""
    line = _UNSEEN.sub("", line)
    words = line.lstrip()
    width = min(_WIDEST, len(line[: len(line) - len(words)].expandtabs(4)))
    return "\xa0" * width + _SPACES.sub(" ", words)


def same_length(text: str) -> str:
    """The text with a space for each sign that cannot be seen: offsets into it stay true."""
    return _UNSEEN.sub(" ", text.replace("\r", " ").replace("\xa0", " "))


def slug(text: str) -> str:
    """An identifier made of a title: lower case letters and digits, joined by hyphens; may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-")


def shortened(text: str, most: int) -> str:
    """The beginning of a text, at most so many characters, ending with an ellipsis where something is missing."""
    return text if len(text) <= most else text[: most - 2].rstrip() + " …"


def quoted(text: str, most: int = 300) -> str:
    return f"“{shortened(plain(text), most)}”"
