"""Logs: one line an event, times in UTC, and never the values of local variables, which may be secrets."""

import structlog


def configure_logs() -> None:
    """Set up structlog for the process; doing it twice is harmless."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    )
