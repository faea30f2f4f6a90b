"""Every registered item type with its random items, for laws that hold for all of them."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from hypothesis import strategies as st

from assessments.domain.item_types import ITEM_TYPES
from tests.assessments import item_strategies

TYPE_NAMES = sorted(ITEM_TYPES)


def random_items(name: str) -> st.SearchStrategy[tuple[Any, Any, Any]]:
    """Content, a key that passes its check, and a response that fits, of the named type."""
    module = ITEM_TYPES[name].module
    place = f"tests.assessments.strategies.{module}"
    found = import_module(place) if find_spec(place) else item_strategies
    strategy: st.SearchStrategy[tuple[Any, Any, Any]] = getattr(found, f"{module}_items")()
    return strategy
