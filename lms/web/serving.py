"""What runs beside the pages for as long as they are served: packages add it, `assay serve` starts it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from flask import Flask

log = structlog.get_logger()
_EXTENSION = "assay.companions"
RETRY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Companion:
    """Something to do before the first request and every so many seconds from then on."""

    name: str
    every_seconds: float
    run: Callable[[], None]


def register_companions(app: Flask) -> None:
    app.extensions[_EXTENSION] = []


def add_companion(app: Flask, companion: Companion) -> None:
    app.extensions[_EXTENSION].append(companion)


def start_companions(app: Flask) -> None:
    """Run each once, before the first request is served, and then in a thread that ends with the process."""
    for companion in app.extensions[_EXTENSION]:
        _run(companion)
        threading.Thread(target=_accompany, args=(companion,), name=companion.name, daemon=True).start()


def _accompany(companion: Companion) -> None:
    is_well = True
    while True:
        time.sleep(companion.every_seconds if is_well else RETRY_SECONDS)
        is_well = _run(companion)


def _run(companion: Companion) -> bool:
    try:
        companion.run()
    except Exception as error:  # whatever it was, the next time is tried again; the pages go on
        log.error("what runs beside the pages failed", companion=companion.name, exc_info=error)
        return False
    return True
