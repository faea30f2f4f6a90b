"""Splits a model's solution into the steps that people judge: labelled paragraphs, or the lines of a program."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assessments.adapters.plain_words import indented

_LABEL = re.compile(r"step\s+(\d{1,4})\s*[:.)]?\s*", re.IGNORECASE)
_GUTTER = "| "  # before each line of code, so that its indentation stays
_DOCSTRING = ('"""', "'''")


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a solution, and how to find the numbers (from 1) of those that somebody names."""

    texts: tuple[str, ...]
    numbers_of: Callable[[str], list[int]]


def of_prose(paragraphs: Sequence[str]) -> Steps:
    """The steps of a solution in paragraphs, most of which begin with "Step 3:"; that number names them.

    Words before the first labelled step belong to it, words between two to the one before. What follows the last
    label, such as the solution, is a step of its own. Without labels each paragraph is a step.
    """
    texts = [paragraph for paragraph in paragraphs if paragraph.strip()]
    labelled = [at for at, text in enumerate(texts) if _LABEL.match(text)]
    if not labelled:
        return Steps(tuple(texts), _by_number({str(number): [number] for number in range(1, len(texts) + 1)}))
    steps: list[list[str]] = []
    numbers: dict[str, list[int]] = {}
    before: list[str] = []
    for at, text in enumerate(texts):
        if label := _LABEL.match(text):
            steps.append([*before, text[label.end() :] or text])
            before = []
            numbers.setdefault(str(int(label[1])), []).append(len(steps))
        elif at < labelled[0]:
            before.append(text)
        elif at < labelled[-1]:
            steps[-1].append(text)
        else:
            steps.append([text])
    return Steps(tuple("\n\n".join(parts) for parts in steps), _by_number(numbers))


def of_code(program: str) -> Steps:
    """The steps of a program: each line with the comments before it, or a whole documentation string.

    A step is named by its first line as it stands, or by any of its lines without regard to indentation.
    """
    blocks = _blocks(program)
    texts = tuple("\n".join(_GUTTER + indented(line.rstrip()) for line in block) for block in blocks)

    def numbers_of(said: str) -> list[int]:
        wanted = next(line for line in said.split("\n") if line.strip())
        exact = [number for number, block in enumerate(blocks, start=1) if wanted.rstrip() in map(str.rstrip, block)]
        if len(exact) == 1:
            return exact
        stripped = wanted.strip()
        return [number for number, block in enumerate(blocks, start=1) if stripped in map(str.strip, block)]

    return Steps(texts, numbers_of)


def _by_number(numbers: dict[str, list[int]]) -> Callable[[str], list[int]]:
    return lambda said: numbers.get(said.strip(), [])


def _blocks(program: str) -> list[list[str]]:
    """The lines of a program in groups: comments with the line they announce, documentation strings whole."""
    blocks: list[list[str]] = []
    pending: list[str] = []
    quote = ""
    for line in program.replace("\r\n", "\n").split("\n"):
        if not line.strip():
            continue
        pending.append(line)
        if quote:
            quote = "" if quote in line else quote
        elif opened := _opened(line):
            quote = opened
        if not quote and not line.lstrip().startswith("#"):
            blocks.append(pending)
            pending = []
    return [*blocks, pending] if pending else blocks


def _opened(line: str) -> str:
    """The quotation marks of a documentation string that begins on this line and does not end on it."""
    return next((quote for quote in _DOCSTRING if line.lstrip().startswith(quote) and line.count(quote) == 1), "")
