"""The page about item types shows items that are accepted as they stand."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from assessments.adapters.quoted_spans import with_offsets
from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.schemas.provenance import Attribution, Provenance

PAGE = (Path(__file__).parents[2] / "docs" / "item-types.md").read_text()
BLOCKS = [YAML(typ="safe").load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]
ITEMS = {block["type"]: block for block in BLOCKS if "type" in block}


def test_every_type_has_its_example():
    assert sorted(ITEMS) == sorted(ITEM_TYPES)
    assert set(re.findall(r"^## ([a-z-]+)$", PAGE, re.MULTILINE)) == set(ITEM_TYPES)


@pytest.mark.parametrize("name", sorted(ITEM_TYPES))
def test_the_example_is_an_item_that_full_points_can_be_earned_on(name):
    kind, item = ITEM_TYPES[name], ITEMS[name]
    content = kind.content.model_validate(item["content"])
    key = kind.key.model_validate(with_offsets(item["key"], item["content"].get("text", "")))

    kind.check_key(content, key)

    score = kind.score(content, key, kind.full_response(content, key))
    assert score.automatic in {1, None}


def test_provenance_and_attribution_are_accepted():
    (around,) = [block for block in BLOCKS if "provenance" in block]

    assert Provenance.model_validate(around["provenance"])
    assert Attribution.model_validate(around["attribution"])
