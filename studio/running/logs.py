"""Logs: one line per event, static messages, values as fields; and no more of a kind than somebody can read.

Speech, transcripts, phone numbers, addresses and keys never stand in a log line, neither in messages nor in fields.
"""

import logging
import logging.config
import time

import structlog
from django.conf import settings

LINES_A_MINUTE = 3000  # of one kind: what a logger says. Strangers can cause some kinds at will …
TRACEBACKS_A_MINUTE = 30  # … and some of those with a traceback: the next are lines without one
MESSAGE_MOST = 300


class Bounded(logging.Filter):
    """Strangers fill no disk: what they cause is one short line without a traceback, and only so many of them."""

    def __init__(self, clock: object = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._minute = -1
        self._lines: dict[tuple[str, int, str], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "django.request" and not record.exc_info:
            return False  # a refusal of ours, with a status like 503: the access line has it
        if record.name.startswith("django.security"):  # a request that cannot be meant well; the access line has it too
            record.exc_info = record.exc_text = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        shorten(record)
        minute = int(self._clock() // 60)
        if minute != self._minute:
            self._minute, self._lines = minute, {}
        said = record.msg if isinstance(record.msg, dict) else {}  # structlog's, all from one place in its code
        what = f"{said.get('event')} {said.get('status', '')}" if said else f"{record.pathname}:{record.lineno}"
        kind = (record.name, record.levelno, what)
        self._lines[kind] = count = self._lines.get(kind, 0) + 1
        if count > TRACEBACKS_A_MINUTE:
            record.exc_info = record.exc_text = None
            if "exc_info" in said:
                record.msg = said = {key: value for key, value in said.items() if key != "exc_info"}
        if count == LINES_A_MINUTE and said:
            record.msg = said | {"more": "left out until the minute is over"}
        return count <= LINES_A_MINUTE


def shorten(record: logging.LogRecord) -> None:
    """Paths and headers are as long as a stranger likes: no value in a line is. Tracebacks stay whole."""
    if isinstance(record.msg, dict):
        record.msg = {key: short(value) if isinstance(value, str) else value for key, value in record.msg.items()}
    elif len(said := record.getMessage()) > MESSAGE_MOST:
        record.msg, record.args = short(said), ()


def short(text: str) -> str:
    return text if len(text) <= MESSAGE_MOST else text[: MESSAGE_MOST - 1] + "…"


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
            "filters": {"bounded": {"()": Bounded}},
            "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["bounded"]}},
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
