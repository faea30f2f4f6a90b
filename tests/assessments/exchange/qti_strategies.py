"""Hypothesis strategies of items as they are written to QTI: any sound content and key, texts of every kind."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from assessments.adapters.exchange import WrittenItem
from assessments.adapters.qti.writing import WRITERS
from assessments.domain.schemas import choice, match, numeric, order, short_text
from assessments.domain.schemas.base import InvalidKey, Key

# Letters and signs that markup, white space and other scripts make trouble with.
SIGNS = "ab1.é漢🙂א <>&\"'\n\t\r\xa0\u2028]—•|_[]"
TEXTS = st.one_of(st.text("ab \n", min_size=1, max_size=20), st.text(SIGNS, min_size=1, max_size=60)).filter(str.strip)
LINES = st.text("ab1.é漢 <>&\"'", min_size=1, max_size=30).filter(str.strip)
IDENTIFIERS = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
PASSAGES = st.none() | TEXTS
NUMBERS = st.decimals(-(10**12), 10**12, places=6, allow_nan=False) | st.decimals(-1, 1, places=15, allow_nan=False)


def _options(draw: st.DrawFn, least: int, most: int) -> list[dict[str, str]]:
    ids = draw(st.lists(IDENTIFIERS, min_size=least, max_size=most, unique=True))
    return [{"id": identifier, "text": draw(TEXTS)} for identifier in ids]


def _texts(draw: st.DrawFn) -> dict[str, Any]:
    return {"prompt": draw(TEXTS), "passage": draw(PASSAGES)}


@st.composite
def choices(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A choice of one or several of two to ten options, with accepted sets or the votes of experts."""
    options = _options(draw, 2, 10)
    ids, many = [option["id"] for option in options], draw(st.booleans())
    sets = st.lists(st.sampled_from(ids), min_size=1, max_size=len(ids) - 1 if many else 1, unique=True)
    key: dict[str, Any] = {"choices": draw(sets), "accepted": draw(st.lists(sets, max_size=3))}
    if not many and draw(st.booleans()):
        key = {"choices": [ids[0]], "distribution": {ids[0]: 7, ids[1]: draw(st.integers(0, 7))}}
    return _texts(draw) | {"options": options, "many": many}, key


@st.composite
def statements(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A statement that is true or false."""
    key: dict[str, Any] = {"answer": draw(st.sampled_from(["true", "false"]))}
    if draw(st.booleans()):
        key["distribution"] = {key["answer"]: 0.75, "true" if key["answer"] == "false" else "false": 0.25}
    return {"statement": draw(TEXTS), "passage": draw(PASSAGES)}, key


@st.composite
def matches(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two lists, whose ids may be alike, and the partners of some of the first."""
    entries, targets = _options(draw, 2, 6), _options(draw, 2, 6)
    target = st.sampled_from([one["id"] for one in targets])
    paired = draw(st.lists(st.sampled_from([one["id"] for one in entries]), min_size=1, unique=True))
    pairs = {entry: draw(target) for entry in paired}
    accepted = {entry: draw(st.lists(target, min_size=1, unique=True)) for entry in paired if draw(st.booleans())}
    return _texts(draw) | {"entries": entries, "targets": targets}, {"pairs": pairs, "accepted": accepted}


@st.composite
def orders(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Entries that do not stand in the right sequence already."""
    entries = _options(draw, 3, 8)
    sequences = st.permutations([entry["id"] for entry in entries])
    return _texts(draw) | {"entries": entries}, {
        "order": draw(sequences),
        "accepted": draw(st.lists(sequences, max_size=2)),
    }


@st.composite
def numbers(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A number with any tolerance, with units or without."""
    content, key = (
        _texts(draw),
        {"value": str(draw(NUMBERS)), "accepted": [str(n) for n in draw(st.lists(NUMBERS, max_size=2))]},
    )
    tolerance = draw(st.sampled_from(["absolute", "relative", None]))
    if tolerance:
        key[tolerance] = str(draw(st.decimals(0, Decimal("0.99"), places=draw(st.integers(0, 15)), allow_nan=False)))
    if draw(st.booleans()):
        units = draw(st.lists(IDENTIFIERS, min_size=1, max_size=4, unique=True))
        content["units"] = [{"id": unit, "title": draw(LINES)} for unit in units]
        key |= {"unit": units[0], "factors": dict.fromkeys(units[1:], "1000")}
    return content, key


@st.composite
def short_texts(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Texts that earn all points or some."""
    texts = draw(st.lists(LINES, min_size=1, max_size=4))
    points = [1.0, *(draw(st.sampled_from([1.0, 0.5, 1 / 3, 0.1]) | st.floats(1e-9, 1)) for _ in texts[1:])]
    answers = [{"text": text, "points": worth} for text, worth in zip(texts, points, strict=True)]
    return _texts(draw), {
        "answers": answers,
        "is_case_sensitive": draw(st.booleans()),
        "typos": draw(st.integers(0, 3)),
    }


@st.composite
def essays(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """An essay with criteria of several levels."""
    levels = [{"level": number, "descriptor": draw(TEXTS)} for number in range(1, draw(st.integers(3, 4)))]
    ids = draw(st.lists(IDENTIFIERS, min_size=1, max_size=3, unique=True))
    criteria = [{"id": one, "title": draw(LINES), "question": draw(TEXTS), "levels": levels} for one in ids]
    reference = draw(PASSAGES)
    content: dict[str, Any] = {"prompt": draw(TEXTS), "reference": reference, "criteria": criteria}
    if reference and draw(st.booleans()):
        content["reference_title"] = draw(LINES)
    if draw(st.booleans()):
        content |= {"fewest_words": 100, "most_words": draw(st.integers(100, 3000))}
    return content, {"exemplar": draw(TEXTS), "notes": draw(st.none() | TEXTS)}


PARTS: dict[str, st.SearchStrategy[tuple[dict[str, Any], dict[str, Any]]]] = {
    "choice": choices(),
    "essay": essays(),
    "match": matches(),
    "numeric": numbers(),
    "order": orders(),
    "short-text": short_texts(),
    "true-false": statements(),
}
_CHECKS = {
    name: module.check_key
    for name, module in {
        "choice": choice,
        "match": match,
        "numeric": numeric,
        "order": order,
        "short-text": short_text,
    }.items()
}


@st.composite
def items(draw: st.DrawFn, kind: str) -> WrittenItem:
    """A sound item of a type, as the bank states it, with everything around it that an item can have."""
    content_type, key_type, _ = WRITERS[kind]
    raw_content, raw_key = draw(PARTS[kind].filter(lambda parts: _is_sound(kind, *parts)))
    content, key = content_type.model_validate(raw_content), key_type.model_validate(raw_key)
    return WrittenItem(
        identifier=draw(IDENTIFIERS),
        type=kind,
        use=draw(st.sampled_from(["practice", "test", "both"])),
        skill=draw(IDENTIFIERS),
        difficulty=draw(st.sampled_from(["easy", "medium", "hard"])),
        content=content.model_dump(mode="json"),
        key=key.model_dump(mode="json"),
        rationale=draw(TEXTS).strip(),
        sources=({"author": "A. Author", "title": draw(LINES), "year": 1999},),
        temptations=draw(st.dictionaries(IDENTIFIERS, TEXTS, max_size=3)),
        tags=tuple(draw(st.lists(IDENTIFIERS, max_size=2))),
        provenance=draw(st.none() | st.just({"given_by": "two editors", "experts": 2, "agreement": 0.9})),
        attribution=draw(st.none() | st.fixed_dictionaries({"source": LINES, "licence": LINES})),
    )


def _is_sound(kind: str, content: Mapping[str, Any], key: Mapping[str, Any]) -> bool:
    content_type, key_type, _ = WRITERS[kind]
    sound: Key = key_type.model_validate(key)
    try:
        _CHECKS.get(kind, lambda _content, _key: None)(content_type.model_validate(content), sound)
    except InvalidKey:
        return False
    return True
