"""Logs: one line per event, static messages, values as fields.

Speech, transcripts, phone numbers, addresses and keys never stand in a log line, neither in messages nor in fields.
"""

import logging
import logging.config

import structlog
from django.conf import settings


def set_up() -> None:
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer = (
        structlog.processors.JSONRenderer()
        if settings.LOG_FORMAT == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.format_exc_info,
                        renderer,
                    ],
                }
            },
            "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["out"], "level": settings.LOG_LEVEL},
            # Access lines hold addresses and query strings; signalling libraries log every packet; Celery tells of
            # every wake-up, which says nothing: tasks log what they did.
            "loggers": {
                "celery": {"level": "WARNING"},
                "daphne": {"level": "WARNING"},
                "django.request": {"level": "ERROR"},  # a 404 stands in the access line already
                "aioice": {"level": "WARNING"},
                "aiortc": {"level": "WARNING"},
                "asyncio": {"level": "WARNING"},
            },
        }
    )
