"""Small sound files of every format, made up: what readers are tried on and broken files are made of."""

from pathlib import Path

from assessments.adapters.exchange import WrittenItem
from assessments.adapters.file_formats import FORMATS
from assessments.domain.item_types import ITEM_TYPES
from tests.assessments.exchange.made_up_data import sample_rows, write_rows

SOURCE = {"author": "Somebody", "title": "Something", "year": 2020}


def worked_items() -> list[WrittenItem]:
    """An item of every type: the worked examples."""
    return [
        WrittenItem(
            identifier=f"item-{kind.name}-{number}",
            type=kind.name,
            use="practice",
            skill="reading",
            difficulty="easy",
            content=example.content.model_dump(mode="json"),
            key=example.key.model_dump(mode="json"),
            rationale="Because.",
            sources=(SOURCE,),
            temptations={},
            tags=("made-up",),
            provenance={"given_by": "A panel", "experts": 3, "agreement": 0.9},
            attribution=None,
        )
        for kind in ITEM_TYPES.values()
        for number, example in enumerate(kind.examples, start=1)
    ]


def write_sample(name: str, folder: Path) -> Path:
    """Write a sound file of this format into the folder, as we write it or as the data set's people would."""
    form = FORMATS[name]
    if form.write is None:
        return write_rows(folder, name, sample_rows(name))
    path = folder / f"items{form.suffixes[0]}"
    path.write_bytes(form.write(worked_items())[0])
    return path
