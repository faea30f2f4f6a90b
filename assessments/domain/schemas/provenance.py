"""Where an answer key comes from, and where others' data comes from."""

from typing import Annotated

from pydantic import Field

from assessments.domain.schemas.base import Line, Shape


class Provenance(Shape):
    """Who gave the key, how many they were, how far they agreed, and by which clause of the guideline.

    `agreement` runs from 0 to 1 and is in the `measure` named: plain share, kappa, alpha; it is left out where
    nobody recorded it.
    """

    given_by: Line
    experts: Annotated[int, Field(ge=1, le=100_000)]
    agreement: Annotated[float, Field(ge=0, le=1)] | None = None
    measure: Line | None = None
    clause: Line | None = None


class Attribution(Shape):
    """Others' work that an item is made of: who made it, under which licence, where it is, what was changed."""

    source: Line
    licence: Line
    url: Line | None = None
    changes: Line | None = None
