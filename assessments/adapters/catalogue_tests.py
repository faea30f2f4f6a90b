"""Reads test.yaml: the blueprint, the limit, the cut score with its ratings, the retake policy."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from assessments.adapters.catalogue_forms import Enemies, ExposureBounds, Names, check_forms
from assessments.adapters.catalogue_items import CatalogueItem
from assessments.adapters.catalogue_release import Release
from assessments.domain.forms import Blueprint, PoolItem, Section
from assessments.domain.pool_sizes import missing_items
from assessments.domain.schemas.base import Identifier, Line, Shape, Text
from assessments.domain.scores import exact
from assessments.models.items import Difficulty, ItemUse
from lms.catalogue.documents import Node, parse, read_document
from lms.catalogue.findings import Findings

Count = Annotated[int, Field(ge=1, le=200)]
Share = Annotated[float, Field(ge=0, le=1)]
ADDED_LATER = (
    "release",
    "must_include",
    "never_together",
    "exposure",
    "renewal",
)  # a test that does not use them is the version that it was


class Skill(Shape):
    """A skill that the test reports on."""

    id: Identifier
    title: Line
    summary: Text


class SectionEntry(Shape):
    """A section of the blueprint."""

    title: Line
    skill: Identifier
    type: str
    count: Count
    difficulty: dict[Difficulty, Annotated[int, Field(ge=0)]] | None = None

    @model_validator(mode="after")
    def _difficulties_sum_to_count(self) -> Self:
        if self.difficulty is not None and sum(self.difficulty.values()) != self.count:
            raise ValueError(f"the difficulties sum to {sum(self.difficulty.values())}; count is {self.count}")
        return self

    @property
    def blueprint(self) -> Section:
        bands = {band.value: count for band, count in self.difficulty.items()} if self.difficulty else None
        return Section(self.title, self.skill, self.type, self.count, bands)


class TimeLimit(Shape):
    """The time for the whole test, and how it was found."""

    minutes: Annotated[int, Field(ge=1, le=600)]
    basis: Text


class CutScore(Shape):
    """The score that passes, the method that set it, and the panel's ratings by item."""

    score: Annotated[float, Field(gt=0, le=1)]
    method: Line
    panel: Text
    ratings: dict[Identifier, Annotated[tuple[Share, ...], Field(min_length=1)]]

    @property
    def mean_rating(self) -> Fraction:
        """The mean over items of the panel's mean, which is the modified Angoff cut score (0 to 1)."""
        means = [sum((exact(r) for r in row), Fraction(0)) / len(row) for row in self.ratings.values()]
        return sum(means, Fraction(0)) / max(1, len(means))


class Retake(Shape):
    """How often a test may be sat."""

    tries: Count
    window_days: Annotated[int, Field(ge=1, le=3660)]
    cool_down_hours: Annotated[int, Field(ge=0, le=8760)]
    study_first: bool = False  # after a failed try: the lessons of weak skills, again

    @model_serializer(mode="wrap")
    def _without_the_unused(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A test that does not ask for it is the version that it was before this could be asked for."""
        written: dict[str, Any] = handler(self)
        return written if self.study_first else {name: written[name] for name in written if name != "study_first"}


class ShorterRenewal(Shape):
    """How much of the questions and of the time a renewal has."""

    percent: Annotated[int, Field(ge=1, le=99)]


class TestEntry(Shape):
    """A test as its file says it."""

    title: Line
    summary: Text
    skills: Annotated[tuple[Skill, ...], Field(min_length=1)]
    sections: Annotated[tuple[SectionEntry, ...], Field(min_length=1)]
    time_limit: TimeLimit
    cut_score: CutScore
    retake: Retake
    bank: Identifier | None = None  # where it is not the bank of the test's own name
    agreement_floor: Share | None = None
    pilot_items: Annotated[int, Field(ge=0, le=20)] = 0
    release: Release = "at-once"
    must_include: Names = ()
    never_together: Annotated[tuple[Enemies, ...], Field(max_length=200)] = ()
    exposure: ExposureBounds | None = None
    renewal: ShorterRenewal | None = None  # none: a renewal is the whole test

    @property
    def blueprint(self) -> Blueprint:
        return Blueprint(
            tuple(section.blueprint for section in self.sections),
            frozenset(self.must_include),
            tuple(frozenset(group) for group in self.never_together),
            self.exposure.cap if self.exposure else None,
            self.exposure.overlap if self.exposure else None,
        )

    def document(self) -> dict[str, Any]:
        """The part of the terms that is stored as JSON; what came later and is not used leaves no trace in it."""
        unused = {name for name in ADDED_LATER if getattr(self, name) == type(self).model_fields[name].default}
        return self.model_dump(mode="json", exclude={"title", "summary", *unused})


def read_test(track: Path, items: Mapping[str, CatalogueItem], findings: Findings) -> TestEntry | None:
    """The test of a track, checked against its items; None when it cannot be read."""
    node = read_document(track / "test.yaml", findings)
    test = parse(node, TestEntry, findings) if node else None
    if node is None or test is None:
        return None
    _check_skills(node, test, items, findings)
    _check_pool(node, test, items, findings)
    _check_ratings(node, test, items, findings)
    return test


def _check_skills(node: Node, test: TestEntry, items: Mapping[str, CatalogueItem], findings: Findings) -> None:
    skills = {skill.id for skill in test.skills}
    for index, section in enumerate(test.sections):
        if section.skill not in skills:
            line = node.line_of("sections", index, "skill")
            findings.add(node.path, line, f"section skill {section.skill} is not among skills: {_list(skills)}")
    for item in items.values():
        if item.skill not in skills:
            message = f"skill {item.skill} is not in test.yaml; expected one of {_list(skills)}"
            findings.add(item.path, item.line, message)


def _check_pool(node: Node, test: TestEntry, items: Mapping[str, CatalogueItem], findings: Findings) -> None:
    pool = [
        PoolItem(item.entry.id, item.skill, item.type, item.entry.difficulty)
        for item in items.values()
        if item.use is ItemUse.TEST and not _is_below_floor(test, item, findings)
    ]
    shortages = missing_items(test.blueprint.sections, pool)
    for shortage in shortages:
        findings.add(
            node.path,
            node.line_of("sections"),
            f"the pool is too small for {' and '.join(shortage.sections)}: skill {shortage.skill}, "
            f"type {shortage.type}, {'/'.join(shortage.difficulties)} needs {shortage.needed} items with one to "
            f"spare a section, has {shortage.available}",
        )
    if not shortages:
        check_forms(node, test.blueprint, test.must_include, pool, (), findings)


def _is_below_floor(test: TestEntry, item: CatalogueItem, findings: Findings) -> bool:
    """A key whose recorded agreement is below the test's floor cannot enter a live test."""
    floor = test.agreement_floor
    agreement = item.entry.provenance.agreement if item.entry.provenance else None
    if floor is None or (agreement is not None and agreement >= floor):
        return False
    recorded = "no agreement is recorded" if agreement is None else f"the recorded agreement is {agreement:g}"
    findings.add(item.path, item.line, f"{item.entry.id}: {recorded}; the test's agreement_floor is {floor:g}")
    return True


def _check_ratings(node: Node, test: TestEntry, items: Mapping[str, CatalogueItem], findings: Findings) -> None:
    ratings = test.cut_score.ratings
    line = node.line_of("cut_score", "ratings")
    pool = {item.entry.id for item in items.values() if item.use is ItemUse.TEST}
    if missing := pool - set(ratings):
        findings.add(node.path, line, f"no ratings for {_list(missing)}; every test item needs them")
    for unknown in set(ratings) - pool:
        here = node.line_of("cut_score", "ratings", unknown)
        findings.add(node.path, here, f"rating for {unknown}, which is no test item")
    mean = test.cut_score.mean_rating
    if abs(mean - exact(test.cut_score.score)) > Fraction(1, 200):
        message = f"cut score {test.cut_score.score} is not the mean of the ratings, {float(mean):.2f}"
        findings.add(node.path, node.line_of("cut_score", "score"), message)


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names))
