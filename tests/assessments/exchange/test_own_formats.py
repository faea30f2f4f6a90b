"""Own formats, CSV and Label Studio: what is written comes back equal, and what is broken is refused at its row."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.adapters.exchange import ReadItem, Refusal, UnreadableFile, WrittenItem
from assessments.adapters.file_formats import FORMATS
from assessments.domain.item_types import ITEM_TYPES
from tests.assessments.every_type import TYPE_NAMES, random_items

RELAXED = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
LABEL_STUDIO = ("span-highlight", "choice", "pairwise-preference", "rubric-score")
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60).filter(str.strip)
PROVENANCE = {"given_by": "A panel", "experts": 5, "agreement": 0.8, "measure": "plain share", "clause": "3.2"}
ATTRIBUTION = {"source": "A data set", "licence": "MIT", "url": "https://example.org"}


@st.composite
def written_items(draw: st.DrawFn, name: str) -> WrittenItem:
    content, key, _response = draw(random_items(name))
    return WrittenItem(
        identifier="an-item",
        type=name,
        use=draw(st.sampled_from(["practice", "test"])),
        skill="reading",
        difficulty=draw(st.sampled_from(["easy", "medium", "hard"])),
        content=content.model_dump(mode="json"),
        key=key.model_dump(mode="json"),
        rationale=draw(TEXT).strip(),
        sources=({"author": draw(TEXT).strip(), "title": "=A book", "year": 1999},),
        temptations={option.id: draw(TEXT).strip() for option in getattr(content, "options", ())[:2]},
        tags=tuple(draw(st.lists(st.sampled_from(["numbers", "dates"]), unique=True))),
        provenance=draw(st.sampled_from([None, PROVENANCE])),
        attribution=draw(st.sampled_from([None, ATTRIBUTION])),
    )


def read_back(format_name: str, data: bytes, folder: Path) -> list[object]:
    path = folder / f"items{FORMATS[format_name].suffixes[0]}"
    path.write_bytes(data)
    return list(FORMATS[format_name].read(path))


def check_round_trip(format_name: str, item: WrittenItem, folder: Path) -> None:
    data, refused = FORMATS[format_name].write([item])
    assert not refused
    (back,) = read_back(format_name, data, folder)
    assert isinstance(back, ReadItem), back
    kind = ITEM_TYPES[item.type]
    assert kind.content.model_validate(back.content) == kind.content.model_validate(item.content)
    assert kind.key.model_validate(back.key) == kind.key.model_validate(item.key)
    for name in ("identifier", "type", "use", "skill", "difficulty", "rationale", "temptations"):
        assert getattr(back, name) == getattr(item, name), name
    for name in ("sources", "tags", "provenance", "attribution"):
        assert getattr(back, name) == getattr(item, name), name


@pytest.mark.parametrize("format_name", ["yaml", "jsonl"])
@pytest.mark.parametrize("name", TYPE_NAMES)
def test_every_type_comes_back_equal_from_our_own_formats(name, format_name, tmp_path):
    @RELAXED
    @given(written_items(name))
    def check(item):
        check_round_trip(format_name, item, tmp_path)

    check()


@RELAXED
@given(written_items("choice"))
def test_choices_come_back_equal_from_csv(tmp_path, item):
    check_round_trip("csv", item, tmp_path)


@pytest.mark.parametrize("name", LABEL_STUDIO)
def test_items_come_back_equal_from_label_studio(name, tmp_path):
    @RELAXED
    @given(written_items(name))
    def check(item):
        check_round_trip("label-studio", item, tmp_path)

    check()


def test_what_a_format_cannot_hold_is_named(tmp_path):
    item = WrittenItem("a", "claim-verdict", "test", "s", "easy", {}, {}, "r", (), {}, (), None, None)

    assert "claim-verdict" in FORMATS["csv"].write([item])[1][0].reason
    assert "claim-verdict" in FORMATS["label-studio"].write([item])[1][0].reason


def test_no_cell_can_become_a_formula(tmp_path):
    content = {"prompt": "=1+1", "many": False, "options": [{"id": "a", "text": "+cmd"}, {"id": "b", "text": "@x"}]}
    item = WrittenItem("a", "choice", "test", "s", "easy", content, {"choices": ["a"]}, "-r", (), {}, (), None, None)

    sheet = FORMATS["csv"].write([item])[0].decode("utf-8-sig")

    cells = sheet.splitlines()[1].split(",")
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]
    (back,) = read_back("csv", sheet.encode(), tmp_path)
    assert back.content["prompt"] == "=1+1"


CSV_HEAD = "id,prompt,option_a,option_b,right"


@pytest.mark.parametrize(
    ("format_name", "text", "said"),
    [
        ("jsonl", '{"id": "a"}\n', "is missing"),
        ("jsonl", "{\n", "no JSON"),
        ("jsonl", '["a"]\n', "an entry should be an object"),
        ("jsonl", '{"id": "\\ud800"}\n', "surrogate"),
        ("csv", f"{CSV_HEAD}\nx,Which?,A,B,c\n", "right names c"),
        ("csv", f"{CSV_HEAD},many\nx,Which?,A,B,a,perhaps\n", "yes or no"),
        ("csv", f"{CSV_HEAD},more\nx,Which?,A,B,a,{{\n", "more: no JSON"),
        ("csv", f"{CSV_HEAD}\nx,Which?,A,B,a,b,c\n", "columns are named"),
        ("label-studio", '[{"data": {"text": "x"}, "annotations": []}]', "nobody annotated"),
        ("label-studio", "[7]", "a task should be an object"),
        ("yaml", "- id: a\n", "is missing"),
    ],
)
def test_a_broken_row_is_refused_with_its_number_and_reason(format_name, text, said, tmp_path):
    (refusal,) = read_back(format_name, text.encode(), tmp_path)

    assert isinstance(refusal, Refusal)
    assert refusal.row in {1, 2}
    assert said in refusal.reason


def test_cells_that_a_row_does_not_reach_are_empty(tmp_path):
    (item,) = read_back("csv", f"{CSV_HEAD}\nx,Which?,A\n".encode(), tmp_path)

    assert [option["text"] for option in item.content["options"]] == ["A"]


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"


@pytest.mark.parametrize(
    ("format_name", "data", "said"),
    [
        ("yaml", BOMB.encode(), "aliases"),
        ("yaml", b"[" * 5000, "nested deeper"),
        ("yaml", b"a: b\n", "expected a list"),
        ("yaml", b"- \xff\n", "UTF-8"),
        ("csv", b"name,question\n", "is missing"),
        ("csv", b'id,prompt,option_a,option_b,right\n"open,x\n', "line"),
        ("csv", b"id,prompt,option_a,option_b,right,colour\n", "unknown columns colour"),
        ("label-studio", b'{"tasks": 1}', "not the JSON"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(format_name, data, said, tmp_path):
    with pytest.raises(UnreadableFile, match=said):
        read_back(format_name, data, tmp_path)


def spans_task(*annotators):
    results = [[{"type": "labels", "value": value} for value in values] for values in annotators]
    return {"data": {"text": "The 🚢 left in 1923."}, "annotations": [{"result": one} for one in results]}


def test_label_studio_counts_in_utf16_and_several_annotators_are_accepted_sets(tmp_path):
    year = {"start": 15, "end": 19, "text": "1923", "labels": ["Wrong number"]}
    ship = {"start": 4, "end": 6, "text": "🚢", "labels": ["Wrong thing"]}
    task = spans_task([year], [year], [year, ship])

    (item,) = read_back("label-studio", json.dumps([task]).encode(), tmp_path)

    assert item.type == "span-highlight"
    assert item.key["spans"] == [{"start": 14, "end": 18, "category": "wrong-number"}]
    assert len(item.key["accepted"]) == 1
    assert item.provenance["experts"] == 3


def test_label_studio_choices_pairs_and_ratings_become_distributions(tmp_path):
    def task(data, kind, *values):
        annotations = [{"result": [{"type": kind, "from_name": "quality", "value": value}]} for value in values]
        return {"data": data, "annotations": annotations}

    tasks = [
        task({"text": "x"}, "choices", {"choices": ["Good"]}, {"choices": ["Good"]}, {"choices": ["Bad"]}),
        task({"prompt": "p", "text1": "a", "text2": "b"}, "pairwise", {"selected": "left"}, {"selected": "right"}),
        task({"text": "x"}, "rating", {"rating": 4}, {"rating": 4}, {"rating": 2}),
    ]

    choice, pair, rating = read_back("label-studio", json.dumps(tasks).encode(), tmp_path)

    assert choice.key["distribution"] == {"good": 2, "bad": 1}
    assert pair.key["votes"] == {"a": 1, "b": 1}
    assert rating.key["levels"] == {"quality": {4: 2, 2: 1}}


def test_a_span_whose_quote_stands_elsewhere_is_refused(tmp_path):
    task = spans_task([{"start": 0, "end": 3, "text": "1923", "labels": ["Wrong number"]}])

    (refusal,) = read_back("label-studio", json.dumps([task]).encode(), tmp_path)

    assert "not where its text stands" in refusal.reason
