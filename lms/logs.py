"""Logs: one line an event, times in UTC, and never the values of local variables, which may be secrets."""

import io
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog


class PatientOutput(io.TextIOBase):
    """Standard output that may be full or gone: then a line is lost, and not the work that it tells of."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            sys.stdout.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stdout.flush()


def say(line: str) -> None:
    """Tell whoever started the program."""
    output = PatientOutput()
    output.write(f"{line}\n")
    output.flush()


def configure_logs() -> None:
    """Set up structlog for the process; doing it twice is harmless."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, PatientOutput())),
    )
