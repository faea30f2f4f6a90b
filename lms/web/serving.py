"""What runs beside the pages for as long as they are served: packages add it, `assay serve` starts it."""

import gc
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from flask import Flask

log = structlog.get_logger()
_EXTENSION = "assay.companions"
RETRY_SECONDS = 1.0
YOUNG = 20_000  # objects made and still there before the collector looks for cycles among them


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


def spare_the_collector() -> None:
    """Never go through what the application is made of again, and through what a request makes less often.

    A request makes few cycles. Looking for them as often as a young process does took 5 % of an attempt's CPU time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)


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
