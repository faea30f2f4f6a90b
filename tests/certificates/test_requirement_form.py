"""The form of a requirement says what the requirement says, whatever is pressed; what is typed wrong stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.domain.requirement_json import InvalidRequirement, parse_requirement
from certificates.domain.requirements import DEEPEST, MOST_NODES, AllOf, as_json
from certificates.web.manager.requirement_form import Part, parts_of, press, read_parts, requirement_of
from tests.certificates.requirement_strategies import requirements

BUTTONS = ("add-achievement", "add-quality", "add-group", "remove", "wrap", "nonsense")
places = st.sampled_from(["", "0", "1", "0.0", "0.1", "1.0", "0.0.0", "9.9"])


@pytest.fixture
def asked(app):
    """A request: what is wrong is told in its language."""
    with app.test_request_context():
        yield


def sent(root: Part) -> dict[str, str]:
    """What a browser sends of the tree."""
    fields = {}
    for part in root.walk():
        fields[part.name("kind")] = part.kind
        fields |= {part.name(name): value for name, value in part.said.items() if value or name != "provisional"}
        fields |= {f"{part.name('minimum')}:{skill}": value for skill, value in part.minimum.items()}
    return fields


def unwrapped(requirement):
    """As it is published: a group of one part that asks for all of it is that part."""
    return requirement.parts[0] if isinstance(requirement, AllOf) and len(requirement.parts) == 1 else requirement


@given(requirements)
def test_a_form_that_nobody_touched_says_the_same(requirement):
    read = read_parts(sent(parts_of(requirement)))

    said, faults = requirement_of(read)

    assert faults == {}
    assert said == unwrapped(requirement)


@settings(max_examples=40)
@given(requirements, st.lists(st.tuples(st.sampled_from(BUTTONS), places), max_size=12))
def test_whatever_is_pressed_the_tree_stays_within_bounds_and_names_each_field_once(requirement, presses):
    root = parts_of(requirement)
    for what, place in presses:
        press(root, f"{what}:{place}")
        names = [part.place for part in root.walk()]
        assert len(names) == len(set(names)) <= MOST_NODES
        assert max(part.depth for part in root.walk()) <= DEEPEST
        assert sent(read_parts(sent(root))) == sent(root)


@given(requirements)
def test_adding_and_removing_a_part_leaves_the_rest_as_it_was(requirement):
    root = parts_of(requirement)
    before = sent(root)

    press(root, "add-achievement:")
    press(root, f"remove:{len(root.parts) - 1}")

    assert sent(root) == before


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=8))
def test_any_form_is_read_as_some_tree(form):
    assert read_parts(form).kind in {"all_of", "any_of", "at_least", "achievement", "work_quality"}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"kind:": "all_of"}, "parts:"),
        ({"kind:": "at_least", "count:": "3", "kind:0": "achievement", "achievement:0": "own/facts"}, "count:"),
        ({"kind:": "all_of", "kind:0": "achievement", "achievement:0": ""}, "achievement:0"),
        ({"kind:": "all_of", "kind:0": "achievement", "achievement:0": "own/facts", "days:0": "-1"}, "days:0"),
        (
            {"kind:": "all_of", "kind:0": "achievement", "achievement:0": "own/facts", "minimum:0:spotting": "120"},
            "minimum:0:spotting",
        ),
        ({"kind:": "all_of", "kind:0": "work_quality", "floor:0": "half", "tasks:0": "5"}, "floor:0"),
        ({"kind:": "all_of", "kind:0": "work_quality", "floor:0": "50", "tasks:0": "five"}, "tasks:0"),
        ({"kind:": "all_of", "kind:0": "work_quality", "floor:0": "50", "tasks:0": "5", "skill:0": "Ünder"}, "skill:0"),
    ],
)
def test_what_is_wrong_is_told_at_the_field_where_it_was_typed(asked, fields, name):
    root = read_parts(fields)

    said, faults = requirement_of(root)

    assert said is None
    assert list(faults) == [name]
    assert {key: sent(root)[key] for key in fields} == fields


@pytest.mark.parametrize(
    ("typed", "score"), [("80", "4/5"), ("82.5 %", "33/40"), ("66,6", "333/500"), ("1/3", "1/3"), ("100", "1")]
)
def test_percent_are_read_exactly(typed, score):
    root = read_parts({"kind:": "all_of", "kind:0": "work_quality", "floor:0": typed, "tasks:0": "5"})

    said, _faults = requirement_of(root)

    assert as_json(said)["at_least"] == score


def test_what_the_form_refuses_the_reader_refuses():
    with pytest.raises(InvalidRequirement):
        parse_requirement({"kind": "all_of", "parts": []})
