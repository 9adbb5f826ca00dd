"""A log of one JSON object a line, for whoever collects logs: each with the site, the run and the page where known."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

LogFormat = Literal["text", "json"]

LOG_FORMAT = "SHIXUN_LOG"
"""The variable of the environment that says which; crawls inherit it from whoever starts them."""


class JsonLines(logging.Formatter):
    """``{"at", "level", "logger", "message", "site", "run", "url", "trace"}``; what is not known is left out.

    ``at`` is UTC to the millisecond. A record says ``site``, ``run`` and ``url`` by ``extra=``, Scrapy's by the
    request they are about; ``usual`` gives those of records that say nothing.
    """

    def __init__(self, usual: Callable[[], dict[str, str]] = dict) -> None:
        super().__init__()
        self._usual = usual

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "at": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **self._usual(),
            **_about(record),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def wants_json() -> bool:
    """Whether this process is to log JSON lines."""
    return os.environ.get(LOG_FORMAT) == "json"


def log_json(usual: Callable[[], dict[str, str]] = dict, level: int = logging.INFO) -> None:
    """Send the log to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(usual))
    handler.setLevel(level)
    logging.getLogger().addHandler(handler)


def _about(record: logging.LogRecord) -> dict[str, str]:
    """What a record is about, as far as it tells."""
    found = {}
    given: Any = record.args if isinstance(record.args, dict) else {}
    request = given.get("request")
    meta = getattr(request, "meta", None) or {}
    errand, site = meta.get("errand"), meta.get("site")
    for name, value in (
        ("site", getattr(record, "site", None) or getattr(site, "key", None)),
        ("run", getattr(record, "run", None) or getattr(errand, "run", None)),
        ("url", getattr(record, "url", None) or getattr(request, "url", None)),
    ):
        if value:
            found[name] = str(value)
    return found
