"""Logs: one line an event, without any value from a record.

A request is logged by the name of its view, never by its address; an exception by its kind and
where it arose, never by its message or the values at hand, for these may come from a record.
"""

import logging
import sys
from collections.abc import MutableMapping
from pathlib import Path
from traceback import extract_tb
from typing import Any

import structlog

Event = MutableMapping[str, Any]


def logging_config(form: str) -> None:
    """Send every log line of the process to standard error as `json` or `text`."""
    before: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        where_it_arose,
    ]
    last: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[without_values, *before],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)


def without_values(_: Any, __: str, event: Event) -> Event:
    """Of what a library logs keep the text it wrote and where, not the values it put in.

    A text that was given without values may have them inside already: then only the place is kept.
    """
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        event["event"] = str(record.msg) if record.args else "logged"
        event["at"] = [f"{record.filename}:{record.lineno} {record.funcName}"]
    event.pop("positional_args", None)
    return event


def where_it_arose(_: Any, __: str, event: Event) -> Event:
    """Of an exception keep its kind and its lines of code."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    if isinstance(given, BaseException):
        given = (type(given), given, given.__traceback__)
    if isinstance(given, tuple) and given[0] is not None:
        event["exception"] = given[0].__name__
        event["at"] = [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in extract_tb(given[2])[-8:]
        ]
    return event
