"""The public data sets: what an item made of a row shows, what its key is, and which rows are refused."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from assessments.adapters.exchange import Omission, ReadItem, Refusal, UnreadableFile
from assessments.adapters.file_formats import FORMATS
from assessments.operations.imported_drafts import Defaults, make_draft
from assessments.operations.publishing import Draft
from tests.assessments.exchange import made_up_data as data

DATA_SETS = data.NAMES


def read(folder: Path, name: str, *rows: dict[str, Any]) -> list[Any]:
    reader = FORMATS[name].read
    assert reader is not None
    return list(reader(data.write_rows(folder, name, list(rows))))


def draft(folder: Path, name: str, row: dict[str, Any], **changes: Any) -> Draft:
    item = read(folder, name, row | changes)[0]
    assert isinstance(item, ReadItem), item
    return make_draft(item, Defaults("a-skill"))


def refusal(folder: Path, name: str, row: dict[str, Any], **changes: Any) -> str:
    (refused,) = read(folder, name, row | changes)
    assert isinstance(refused, Refusal), refused
    return refused.reason


def left_out(folder: Path, name: str, row: dict[str, Any], **changes: Any) -> list[str]:
    return [entry.reason for entry in read(folder, name, row | changes) if isinstance(entry, Omission)]


@pytest.mark.parametrize("name", DATA_SETS)
def test_each_row_becomes_a_practice_item_that_names_its_source_and_licence(name: str, tmp_path: Path):
    rows = data.sample_rows(name)
    entries = [entry for entry in read(tmp_path, name, *rows) if not isinstance(entry, Omission)]

    drafts = [make_draft(entry, Defaults("a-skill")) for entry in entries]

    assert len(drafts) == len(rows)
    for each in drafts:
        assert each.identifier.startswith(f"{name}-")
        assert each.use.value == "practice"
        assert each.rationale
        assert each.temptations == {}
        assert {"author", "title", "year"} <= each.sources[0].keys()
        assert {"source", "licence", "url"} <= (each.attribution or {}).keys()
        assert {"given_by", "experts"} <= (each.provenance or {}).keys()
        assert name in each.tags


@pytest.mark.parametrize("name", [name for name in DATA_SETS if name != "ttcw"])
def test_a_file_may_be_gzipped(name: str, tmp_path: Path):
    plain = data.write_rows(tmp_path, name, data.sample_rows(name))
    packed = tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    reader = FORMATS[name].read
    assert reader is not None

    identifiers = [
        [entry.identifier for entry in reader(path) if isinstance(entry, ReadItem)] for path in (plain, packed)
    ]

    assert identifiers[0] == identifiers[1] != []


def test_truthfulqa_hides_the_best_answer_among_the_false_ones(tmp_path: Path):
    items = [draft(tmp_path, "truthfulqa", data.TRUTHFULQA, Question=f"What about lamp {n}?") for n in range(40)]

    places = {[option["id"] for option in item.content["options"]].index(item.key["choices"][0]) for item in items}
    first = items[0]
    texts = {option["id"]: option["text"] for option in first.content["options"]}
    assert places == {0, 1, 2, 3}
    assert texts[first.key["choices"][0]] == "It is easier to see by day"
    assert set(texts.values()) >= {"Ships stop coming", "The lamp goes out", "It rains more"}
    assert "Nothing much" in first.rationale
    assert "https://example.org/lighthouses" in first.sources[0]["note"]
    assert first.tags == ["truthfulqa", "myths-sea"]


def test_truthfulqa_says_what_it_leaves_out(tmp_path: Path):
    many = "; ".join(f"Wrong {n}" for n in range(12))

    assert "ninth" in left_out(tmp_path, "truthfulqa", data.TRUTHFULQA, **{"Incorrect Answers": many})[0]
    assert "both true and false" in left_out(
        tmp_path, "truthfulqa", data.TRUTHFULQA, **{"Incorrect Answers": "Nothing much; It sinks"}
    )[0]  # fmt: skip


def test_truthfulqa_needs_its_columns(tmp_path: Path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")

    with pytest.raises(UnreadableFile, match="Best Answer"):
        list(FORMATS["truthfulqa"].read(path))  # type: ignore[misc]  # it can be read


def test_factcheck_asks_of_every_claim_with_the_same_three_options(tmp_path: Path):
    item = draft(tmp_path, "factcheck-gpt", data.CLAIM)

    assert [option["id"] for option in item.content["options"]] == ["true", "false", "not-enough-evidence"]
    assert item.key["choices"] == ["false"]
    assert "froze in 1922" in item.rationale


def test_factcheck_refuses_a_label_that_its_own_correction_contradicts(tmp_path: Path):
    assert "contradicts itself" in refusal(tmp_path, "factcheck-gpt", data.CLAIM, label="true")
    unchanged = data.CLAIM["claim"]
    assert "changes nothing" in refusal(tmp_path, "factcheck-gpt", data.CLAIM, revised_claim=unchanged)
    assert "subtask" in refusal(tmp_path, "factcheck-gpt", {"text": "x"})


def test_factcheck_asks_whether_all_of_an_answer_is_right(tmp_path: Path):
    item = draft(tmp_path, "factcheck-gpt", data.ANSWER)

    assert item.type == "true-false"
    assert item.key["answer"] == "true"
    assert item.content["passage"] == "Question: How long is the mole?\n\nAnswer: The mole is 300 metres long."


def test_wice_marks_neighbouring_unsupported_words_as_one_span(tmp_path: Path):
    item = draft(tmp_path, "wice", data.WICE)

    text = item.content["text"]
    assert [text[span["start"] : span["end"]] for span in item.key["spans"]] == ["built in 1950", "Norway"]
    assert item.content["reference"] == "Title: Ferries of the sound\n\nHistory\n\nThe old ferry was sold. It was grey."
    assert "The old ferry was sold." in item.rationale


def test_wice_counts_code_points(tmp_path: Path):
    claim = "The 🚢 ferry 𝒙 sank."
    item = draft(
        tmp_path,
        "wice",
        data.WICE,
        claim=claim,
        claim_tokens=["The", "🚢", "ferry", "𝒙", "sank", "."],
        non_supported_spans=[False, False, False, False, True, False],
    )

    (span,) = item.key["spans"]
    assert claim[span["start"] : span["end"]] == "sank"


def test_wice_shows_the_decisive_part_of_a_long_page(tmp_path: Path):
    evidence = [f"Sentence {n} says nothing of use, and says it at length. " + "x" * 90 for n in range(300)]
    evidence[200] = "The old ferry was sold."

    item = draft(tmp_path, "wice", data.WICE, evidence=evidence, supporting_sentences=[[200]])

    page = item.content["reference"]
    assert len(page) <= 8000
    assert "The old ferry was sold." in page
    assert "Sentence 199 " in page
    assert "Sentence 100 " not in page
    assert "[…]" in page
    assert left_out(tmp_path, "wice", data.WICE, evidence=evidence, supporting_sentences=[[200]])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"non_supported_spans": [True] * 13}, "whole text"),
        ({"non_supported_spans": [True]}, "for each of claim_tokens"),
        ({"claim_tokens": ["Elsewhere"] * 13}, "does not stand"),
        ({"supporting_sentences": [[9]]}, "numbers from 0 to 3"),
        ({"claim": 5}, "should be a text, got 5"),
    ],
)
def test_wice_refuses_rows_that_do_not_fit(changes: dict[str, Any], reason: str, tmp_path: Path):
    assert reason in refusal(tmp_path, "wice", data.WICE, **changes)


def test_fine_grained_rlhf_marks_typed_errors_and_explains_them(tmp_path: Path):
    item = draft(tmp_path, "fine-grained-rlhf", data.FINE_GRAINED)

    text = item.content["text"]
    marked = [(text[span["start"] : span["end"]], span["category"]) for span in item.key["spans"]]
    assert marked == [("1817", "contradicts"), ("It is white.", "redundant")]
    assert item.content["reference"] == "Passage 1: The tower\nThe tower was built in 1871. It is white."
    assert "“1817”: Contradicts the passages. The passage: “The tower was built in 1871.”" in item.rationale
    assert "What the answer leaves out" in item.rationale
    assert "cannot be marked" in left_out(tmp_path, "fine-grained-rlhf", data.FINE_GRAINED)[0]


def test_fine_grained_rlhf_refuses_unknown_errors_and_texts_without_a_sound_word(tmp_path: Path):
    error = {"error type": "Irrelevant", "explanation": "", "start": 0, "end": 9}
    feedback = {"missing-info": [], "corrected-prediction": ""}

    for errors, reason in (
        ([error | {"error type": "Ugly"}], "unknown error type"),
        ([error | {"end": 99}], "outside the text"),
        ([error | {"end": 54}], "whole text"),
    ):
        changed = {"feedback": feedback | {"errors": errors}}
        assert reason in refusal(tmp_path, "fine-grained-rlhf", data.FINE_GRAINED, **changed)


def test_llmbar_shows_its_pairs_in_both_orders(tmp_path: Path):
    items = [draft(tmp_path, "llmbar", data.LLMBAR, input=f"Name sea {n}.") for n in range(20)]

    assert {item.key["preference"] for item in items} == {"a", "b"}
    assert {item.content[f"response_{item.key['preference']}"] for item in items} == {"The Baltic."}
    assert "same" in refusal(tmp_path, "llmbar", data.LLMBAR, output_2="The sea is deep.")


def test_pandalm_keeps_the_votes_of_its_three_annotators(tmp_path: Path):
    item = draft(tmp_path, "pandalm", data.PANDALM)

    preferred = item.key["preference"]
    assert item.content[f"response_{preferred}"] == "for n in range(3):\n\xa0\xa0\xa0\xa0print(n)"
    assert item.key["votes"] == {preferred: 2, "equal": 1}
    assert item.content["task"] == "Write the loop."
    assert item.provenance == {
        "given_by": "The three annotators of PandaLM",
        "experts": 3,
        "agreement": 0.3333,
        "measure": "share of pairs of annotators who agree",
    }
    assert "(The response is empty.)" in item.content.values()
    assert "different verdicts" in refusal(tmp_path, "pandalm", data.PANDALM, annotator2=2)


def test_ttcw_puts_the_tests_of_one_dimension_together(tmp_path: Path):
    item, refused = read(tmp_path, "ttcw", *data.TTCW_STORIES)

    made = make_draft(item, Defaults("a-skill"))
    assert made.identifier == "ttcw-0-modelled-fluency"
    assert made.content["response"] == "It rained.\n\nAll day."
    assert [criterion["id"] for criterion in made.content["criteria"]] == ["ending-of-the-story", "pace"]
    assert made.key["levels"] == {"ending-of-the-story": {"1": 2, "2": 1}, "pace": {"1": 1, "2": 2}}
    assert made.provenance is not None
    assert made.provenance["agreement"] == 0.3333
    assert "Given the story above" not in made.content["reference"]
    assert "– No: Reason 1." in made.rationale
    assert "link" in refused.reason


def test_ttcw_takes_a_folder_with_all_of_its_files(tmp_path: Path):
    reader = FORMATS["ttcw"].read
    assert reader is not None
    with pytest.raises(UnreadableFile, match="ttcw_short_stories"):
        list(reader(tmp_path))
    lone = tmp_path / "ttcw_annotations.json"
    lone.write_text("[]")
    with pytest.raises(UnreadableFile, match="folder"):
        list(reader(lone))


def test_usr_reads_means_of_three_ratings_as_the_closest_votes(tmp_path: Path):
    item = draft(tmp_path, "usr", data.USR)

    assert item.key["levels"] == {
        "understandability": {"1": 1, "2": 2},
        "naturalness": {"2": 2, "3": 1},
        "coherence": {"3": 3},
        "engagingness": {"2": 3},
        "groundedness": {"2": 3},
        "overall": {"4": 1, "5": 2},
    }
    assert item.content["response"] == "A: it isn't (since 2019)."
    assert item.content["task"].endswith('A: do you like ferries?\nB: i don\'t know, is the "grey one" still running?')


def test_usr_leaves_out_the_fact_where_there_was_none(tmp_path: Path):
    item = draft(tmp_path, "usr", data.USR, context="_nofact\n")

    assert item.content["reference"] is None
    assert "groundedness" not in item.key["levels"]


def test_usr_refuses_means_that_three_ratings_cannot_have(tmp_path: Path):
    for mean in (2.5, 0, 9, "2", None, True):
        assert "naturalness" in refusal(tmp_path, "usr", data.USR, scores=data.USR["scores"] | {"naturalness": mean})


def test_bigbench_mistake_counts_steps_from_one_and_none_is_zero(tmp_path: Path):
    item = draft(tmp_path, "bigbench-mistake", data.MISTAKE)
    right = draft(tmp_path, "bigbench-mistake", data.MISTAKE, answer="buoy mole pier", mistake_index=None)

    assert item.key["step"] == 2
    assert right.key["step"] == 0
    assert item.content["problem"] == "Sort these words in alphabetical order: pier mole buoy"
    assert "the right answer is: buoy mole pier" in item.rationale
    assert "contradicts itself" in refusal(tmp_path, "bigbench-mistake", data.MISTAKE, mistake_index=None)
    assert "from 0 to 2" in refusal(tmp_path, "bigbench-mistake", data.MISTAKE, mistake_index=3)


def test_mr_ben_makes_steps_of_code_and_keeps_its_indentation(tmp_path: Path):
    item = draft(tmp_path, "mr-ben", data.MR_BEN)

    nb = "\xa0" * 4
    assert item.content["steps"] == [
        "| def twice(n):",
        f'| {nb}"""\n| {nb}Return two n.\n| {nb}"""',
        f"| {nb}# Square it\n| {nb}m = n * n",
        f"| {nb}return m",
    ]
    assert item.key["step"] == 3
    assert item.rationale.startswith("Twice is not the square.")


def test_code_in_a_problem_keeps_its_indentation_across_blank_lines(tmp_path: Path):
    item = draft(tmp_path, "mr-ben", data.MR_BEN, Question="Write this:\n\ndef f():\n    x = 1\n\n    return x")

    assert item.content["problem"] == "Write this:\n\ndef f():\n\xa0\xa0\xa0\xa0x = 1\n\xa0\n\xa0\xa0\xa0\xa0return x"


def test_mr_ben_takes_the_labels_of_steps_for_their_numbers(tmp_path: Path):
    item = draft(tmp_path, "mr-ben", data.MR_BEN_PROSE)

    assert item.content["steps"] == ["Let us see.\n\nFerries are grey.", "So it is B.", "Solution: B"]
    assert item.content["problem"].endswith("A: grey\nB: white")
    assert item.key["step"] == 2
    assert item.rationale == "Grey is A.\n\nThe step put right:\n\nStep 2: So it is A."


def test_mr_ben_refuses_a_wrong_step_that_cannot_be_found(tmp_path: Path):
    name = "Model_Solution_First_Error_Step"
    assert "does not say" in refusal(tmp_path, "mr-ben", data.MR_BEN, **{name: "  "})
    assert "stands 0 times" in refusal(tmp_path, "mr-ben", data.MR_BEN, **{name: "elsewhere"})
    assert "called right although" in refusal(tmp_path, "mr-ben", data.MR_BEN, Model_Solution_Correctness="correct")


def test_the_same_rows_give_the_same_items(tmp_path: Path):
    for name in DATA_SETS:
        rows = json.loads(json.dumps(data.sample_rows(name)))
        assert read(tmp_path, name, *rows) == read(tmp_path, name, *rows)
