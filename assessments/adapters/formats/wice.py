"""WiCE: claims out of Wikipedia against the page that they cite; mark the words that the page does not bear out."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from assessments.adapters.data_sets import ONE_VERDICT, DataSet, Row, RowFault, fingerprint, read_rows
from assessments.adapters.exchange import Format, Reading, ReadItem
from assessments.adapters.json_rows import read_json_lines
from assessments.adapters.marked_spans import Marked, key_of
from assessments.adapters.plain_words import plain, quoted, same_length, shortened

DATA = DataSet(
    name="wice",
    author="Ryo Kamoi, Tanya Goyal, Juan Diego Rodriguez, Greg Durrett",
    title="WiCE: Real-World Entailment for Claims in Wikipedia",
    year=2023,
    publisher="EMNLP 2023",
    url="https://github.com/ryokamoi/wice",
    licence="Annotations: ODC-BY 1.0; text of Wikipedia: CC BY-SA; cited pages: terms of use of Common Crawl",
    changes="Marks of headings are taken out; of long pages, the sentences around those that matter are shown.",
)
NOT_SUPPORTED = "not-supported"
CATEGORY = {
    "id": NOT_SUPPORTED,
    "title": "Not supported",
    "rule": "The page does not say this, and it does not follow from what the page says.",
}
MOST_CHARACTERS = 7000  # of the page that is shown
GAP = "[…]"
_META = re.compile(r"^\(meta data\)\s*(\w[\w ]*):", re.IGNORECASE)


def read(path: Path) -> Reading:
    """The claims of one file of non_supported_tokens."""
    return read_rows(_rows(path), _item)


def _rows(path: Path) -> Iterator[tuple[int, str, object]]:
    for number, (line, value) in enumerate(read_json_lines(path), start=1):
        yield number, f"line {line}", value


def _item(row: Row) -> ReadItem:
    claim = same_length(row.text("claim")).strip()
    sentences = [plain(sentence) for sentence in row.texts("evidence")]
    groups = _supporting(row, len(sentences))
    named = sorted({number for group in groups for number in group})
    return DATA.item(
        row,
        identifier=fingerprint(claim, *sentences[:3]),
        type="span-highlight",
        content={
            "prompt": "Mark the words of this claim that the page does not support.",
            "reference_title": "The page that the claim cites",
            "reference": _page(row, sentences, named),
            "text": claim,
            "categories": [CATEGORY],
        },
        key=key_of(claim, _marked(row, claim)),
        rationale=_rationale([sentences[number] for number in named]),
        provenance={"given_by": f"The annotators of WiCE{ONE_VERDICT}", "experts": 1},
    )


def _marked(row: Row, claim: str) -> list[Marked]:
    """The stretches of the claim whose words are not supported; words that follow each other make one."""
    tokens, flags = row.texts("claim_tokens"), row.entries("non_supported_spans")
    if len(tokens) != len(flags) or not all(isinstance(flag, bool) for flag in flags):
        raise RowFault("non_supported_spans should hold true or false for each of claim_tokens")
    marked: list[Marked] = []
    at, was_flagged = 0, False
    for token, is_flagged in zip(map(same_length, tokens), flags, strict=True):
        if not token.strip():  # signs that nobody sees are tokens of their own
            continue
        start = claim.find(token, at)
        if start < 0:
            raise RowFault(f"the token {quoted(token, 40)} does not stand in the claim where it should")
        at = start + len(token)
        if is_flagged and was_flagged:
            marked[-1] = (marked[-1][0], at, NOT_SUPPORTED)
        elif is_flagged:
            marked.append((start, at, NOT_SUPPORTED))
        was_flagged = is_flagged
    return marked


def _supporting(row: Row, count: int) -> list[list[int]]:
    """The groups of sentences, counted from 0, each of which supports the rest of the claim."""
    groups = []
    for group in row.entries("supporting_sentences"):
        is_sound = isinstance(group, list) and all(type(number) is int and 0 <= number < count for number in group)
        if not is_sound:
            raise RowFault(f"supporting_sentences should be lists of numbers from 0 to {count - 1}")
        groups.append(group)
    return groups


def _page(row: Row, sentences: Sequence[str], named: Sequence[int]) -> str:
    """The page in paragraphs: all of it, or the named sentences and those nearest to them, with gaps."""
    chosen = _nearest(sentences, named)
    if len(chosen) < len(sentences):
        row.left_out.append("the page is too long; of its sentences those around the decisive ones are shown")
    blocks: list[list[str]] = [[]]
    last = -1
    for number in chosen:
        sentence = sentences[number]
        stands_alone = bool(_META.match(sentence)) or sentence.startswith("#")
        if number > last + 1:
            blocks += [[GAP], []]
        if sentence.lstrip("# "):
            blocks += [[_shown(sentence)], []] if stands_alone else []
            blocks[-1] += [] if stands_alone else [sentence]
        last = number
    if last < len(sentences) - 1:
        blocks.append([GAP])
    return "\n\n".join(" ".join(block) for block in blocks if block)


def _nearest(sentences: Sequence[str], named: Sequence[int]) -> list[int]:
    """The numbers of the sentences to show: the first, the named ones, then the nearest to these, as room allows."""
    wanted = {0, *named} if sentences else set()
    by_distance = sorted(range(len(sentences)), key=lambda number: min(abs(number - other) for other in wanted))
    chosen, room = set(), MOST_CHARACTERS
    for number in by_distance:
        room -= len(sentences[number]) + len(GAP) + 4
        if room < 0 and number not in wanted:
            break
        chosen.add(number)
    return sorted(chosen)


def _shown(sentence: str) -> str:
    return _META.sub(lambda found: f"{found[1].capitalize()}:", sentence).lstrip("# ")


def _rationale(supporting: Sequence[str]) -> str:
    if not supporting:
        return "The data set gives no reason, and names no sentence that supports the rest of the claim."
    listed = "\n".join(f"– {_shown(sentence)}" for sentence in supporting)
    return shortened(f"The data set gives no reason. What is not marked rests on these sentences:\n\n{listed}", 8000)


FORMAT = Format(
    name="wice",
    title="WiCE, unsupported words in claims of Wikipedia (takes a file of non_supported_tokens, such as dev.jsonl)",
    suffixes=(".jsonl", ".jsonl.gz"),
    read=read,
    is_data_set=True,
)
