"""USR ratings of Topical-Chat: replies in a conversation, rated by three people on six criteria.

The file gives the mean of three ratings on each criterion. Where several ratings have the same mean, the votes of the
key are those that lie closest together: a mean of 2 on three levels is 2, 2, 2 and not 1, 2, 3.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

from assessments.adapters.data_sets import NO_REASON, DataSet, Row, RowFault, fingerprint, read_rows
from assessments.adapters.exchange import Format, Reading, ReadItem
from assessments.adapters.json_rows import read_json_array
from assessments.adapters.plain_words import plain

DATA = DataSet(
    name="usr",
    author="Shikib Mehri, Maxine Eskenazi",
    title="USR: An Unsupervised and Reference Free Evaluation Metric for Dialog Generation",
    year=2020,
    publisher="ACL 2020; ratings as published with UniEval by Ming Zhong and others, 2022",
    url="https://github.com/maszhongming/UniEval",
    licence="MIT License, copyright 2022 Ming Zhong",
    changes="Spaces around signs are mended, speakers are named, and means of ratings are read as votes.",
)
RATERS = 3
NO_FACT = "_nofact"
CLOSE = Fraction(1, 1000)
# What is rated, its lowest and highest rating, and the levels in our words.
CRITERIA: dict[str, tuple[str, str, int, tuple[str, ...]]] = {
    "understandability": (
        "Understandable",
        "Can the reply be understood, after what was said before?",
        0,
        ("No.", "Yes."),
    ),
    "naturalness": (
        "Natural",
        "Would a person say it like this?",
        1,
        ("No person would say this.", "It is a little odd.", "A person might well say this."),
    ),
    "coherence": (
        "Keeps to the conversation",
        "Does the reply go on from what was said before?",
        1,
        ("It does not fit.", "It fits in part.", "It goes on well."),
    ),
    "engagingness": (
        "Interesting",
        "Is the reply interesting, or dull?",
        1,
        ("It is dull.", "It is somewhat interesting.", "It is very interesting."),
    ),
    "groundedness": (
        "Uses the fact",
        "Does the reply make use of the fact that was given?",
        0,
        ("No.", "Yes."),
    ),
    "overall": (
        "Overall",
        "How good is the reply, all in all?",
        1,
        ("Very bad.", "Bad.", "Middling.", "Good.", "Very good."),
    ),
}
_CONTRACTION = re.compile(r" (n't|'(?:s|m|re|ve|ll|d|t))\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<=[a-z]s) '(?= [a-z])", re.IGNORECASE)  # the browns ' last win
_CLOSING = re.compile(r" +([.,!?;:)\]%…])")
_OPENING = re.compile(r"([(\[$#]) +")
_JOINED = re.compile(r"(?<=\w) ([-–/]) (?=\w)")
_QUOTE = re.compile(r'" ([^"\n]*?) "')


def read(path: Path) -> Reading:
    """The replies of topical_chat.json."""
    return read_rows(_rows(path), _item)


def _rows(path: Path) -> Iterator[tuple[int, str, object]]:
    for number, value in read_json_array(path):
        yield number, f"entry {number}", value


def _item(row: Row) -> ReadItem:
    turns = [mended(turn) for turn in row.text("source").split("\n") if turn.strip()]
    reply = mended(row.text("system_output"))
    fact = mended(row.text("context", may_be_empty=True))
    has_fact = bool(fact) and fact != NO_FACT
    scores = row.part("scores")
    named = [name for name in CRITERIA if has_fact or name != "groundedness"]
    if not has_fact:
        row.left_out.append("without a fact, the rating of how the reply uses it is left out")
    reference = {"reference_title": "The fact that the reply may use", "reference": fact} if has_fact else {}
    return DATA.item(
        row,
        identifier=fingerprint(row.text("system_id"), *turns, reply, fact),
        type="rubric-score",
        content={
            "task": "Two people chat. Go on with the next thing that one of them says.\n\n" + _conversation(turns),
            **reference,
            "response": f"{_speaker(len(turns))}: {reply}",
            "criteria": [_criterion(name) for name in named],
        },
        key={"levels": {name: _votes(scores, name) for name in named}},
        rationale=f"{NO_REASON[:-1]}, only the mean of three ratings on each criterion.",
        provenance={
            "given_by": "Three raters of the USR study; the file holds the mean of each three",
            "experts": RATERS,
        },
    )


def _conversation(turns: list[str]) -> str:
    return "\n".join(f"{_speaker(number)}: {turn}" for number, turn in enumerate(turns))


def _speaker(number: int) -> str:
    return "AB"[number % 2]


def _criterion(name: str) -> dict[str, Any]:
    title, question, _lowest, descriptors = CRITERIA[name]
    levels = [{"level": number, "descriptor": text} for number, text in enumerate(descriptors, start=1)]
    return {"id": name, "title": title, "question": question, "levels": levels}


def _votes(scores: Row, name: str) -> dict[str, int]:
    """The votes on the levels of a criterion: those three nearest to each other that have the mean in the file."""
    lowest, levels = CRITERIA[name][2], len(CRITERIA[name][3])
    mean = scores.values.get(name)
    if isinstance(mean, bool) or not isinstance(mean, (int, float)) or not lowest <= mean <= lowest + levels - 1:
        raise RowFault(f"{name} should be a mean from {lowest} to {lowest + levels - 1}")
    total = round(Fraction(mean) * RATERS)
    if abs(Fraction(mean) * RATERS - total) > CLOSE:
        raise RowFault(f"{name} should be the mean of {RATERS} whole ratings, got {mean:g}")
    rating, more = divmod(total, RATERS)
    level = rating - lowest + 1
    votes = {str(level): RATERS - more, str(level + 1): more}
    return {at: count for at, count in votes.items() if count}


def mended(text: str) -> str:
    """A text whose words and signs were pulled apart, put together again: `do n't , ( see )` is don't, (see)."""
    joined = _POSSESSIVE.sub("'", _CONTRACTION.sub(r"\1", plain(text)))
    closed = _QUOTE.sub(r'"\1"', _CLOSING.sub(r"\1", _OPENING.sub(r"\1", joined)))
    return unescape(_JOINED.sub(r"\1", closed))  # an entity may have been pulled apart as well


FORMAT = Format(
    name="usr",
    title="USR ratings of Topical-Chat, replies rated on six criteria (takes topical_chat.json)",
    suffixes=(".json", ".json.gz"),
    read=read,
    is_data_set=True,
)
