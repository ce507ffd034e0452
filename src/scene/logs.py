"""Logs go to stderr: lines for people, or JSON for machines. Standard output belongs to results."""

import logging
import sys

import structlog

from scene.settings import ServerSettings


def configure(settings: ServerSettings) -> None:
    """Set up logging for this process."""
    for_machines = settings.log_format == "json"
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if for_machines else structlog.processors.UnicodeDecoder(),
            structlog.processors.JSONRenderer()
            if for_machines
            else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
