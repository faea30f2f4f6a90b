"""Readers: each package registers how it checks and loads its own files of a catalogue."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from lms.catalogue.findings import Findings
from lms.errors import Invalid

_EXTENSION = "assay.catalogue_readers"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Track folders, and the folder around them when a whole catalogue is read."""

    root: Path | None
    tracks: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """`check` adds findings and returns lines of a report; `load` writes, and returns lines that say what."""

    name: str
    check: Callable[[Catalogue, Findings], list[str]]
    load: Callable[[Session, Catalogue, datetime], list[str]]


def register_reader(app: Flask, reader: Reader) -> None:
    app.extensions.setdefault(_EXTENSION, []).append(reader)


def readers_of(app: Flask) -> list[Reader]:
    """The readers, lower floors first."""
    readers: list[Reader] = app.extensions.get(_EXTENSION, [])
    return readers


def open_catalogue(path: Path) -> Catalogue:
    """A track folder, which has a course.yaml, or a folder of them. Raises Invalid for anything else."""
    if not path.is_dir():
        raise Invalid(f"{path} is not a folder; expected a track or a catalogue of tracks")
    if (path / "course.yaml").exists():
        return Catalogue(root=None, tracks=(path,))
    tracks = tuple(sorted(folder for folder in path.iterdir() if (folder / "course.yaml").exists()))
    if not tracks:
        raise Invalid(f"{path} holds no track; a track is a folder with a course.yaml")
    return Catalogue(root=path, tracks=tracks)
