"""Structured logs without personal data: one JSON object a line.

Whatever is logged, tokens in addresses, query strings and the values that PostgreSQL quotes in
its errors are masked at the last step, so that no caller can forget it.
"""

import logging
import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

MASKS = (
    (re.compile(r"(/r/)[^/\s?\"']+"), r"\1…"),  # a receipt's token opens the receipt
    (re.compile(r"(\?)[^\s\"']*="), r"\1…"),
    (re.compile(r"^(DETAIL|CONTEXT|LINE \d+):.*$", re.MULTILINE), r"\1: …"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "…@…"),
    (re.compile(r"(?<![\w.-])\+?\d[\d -]{9,16}\d(?![\w.-])"), "…"),  # telephone and card numbers
)
LEAST = {
    # Our own line for each request says the same without the address's secrets.
    "django.request": "CRITICAL",
    "django.server": "WARNING",
    "procrastinate": "WARNING",
    # Names the number that it could not reach; who asked for the message says what went wrong.
    "apprise": "CRITICAL",
    # Repeats the address on every try; who needed the connection says it once.
    "psycopg.pool": "ERROR",
}
_QUERY = re.compile(r"(?<=/)\?\S*|(?<=\w)\?(?=\w)\S*")


def masked(text: str) -> str:
    """`text` without tokens, query strings, quoted values, addresses and numbers of people."""
    text = _QUERY.sub("?…", text)
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


def _mask(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in entry.items():
        if isinstance(value, str) and key not in {"timestamp", "level", "logger"}:
            entry[key] = masked(value)
    return entry


def configure(level: str, *, as_json: bool) -> None:
    """Send every logger of the process through one handler to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
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
            "formatters": {"structured": _formatter(shared, as_json=as_json)},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {name: {"level": least} for name, least in LEAST.items()},
        }
    )


def _formatter(shared: list[Any], *, as_json: bool) -> dict[str, Any]:
    """Lines of foreign loggers take the same way as ours; masking comes last but one."""
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _mask,
            last,
        ],
    }
