"""What commands share: the home, the exit status, and what goes to which stream.

With ``--json`` standard output holds JSON Lines and nothing else; everything meant for a person who waits goes to
standard error, and a progress bar only where that is a terminal. Every command loads this file: it is kept light.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from crawler.faults import fault
from crawler.jsonlog import LOG_FORMAT, LogFormat, log_json
from crawler.yamlfile import ConfigError
from monitor.commands.wording import phrase
from monitor.tell import Lang
from storage.records import CHINA, china_day

DONE, FAILED, UNUSABLE = 0, 1, 2

YEARS = range(1990, 2200)
"""Years that a day on the command line may lie in: there were no pages before, and dates end somewhere after."""

errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Context:
    """What the global options say."""

    home: Path
    lang: Lang

    def says(self, key: str, *given: object, **named: object) -> str:
        """Words of the command line in the language asked for (``monitor.commands.wording``)."""
        return phrase(self.lang, key, *given, **named)


def context_of(context: typer.Context) -> Context:
    """The global options of a command's call."""
    found = context.find_object(Context)
    assert found is not None
    return found


def say(line: str) -> None:
    """A line for the person who waits."""
    errors.print(line)


def out(line: str) -> None:
    """A line of the answer."""
    sys.stdout.write(line + "\n")


def hush() -> None:
    """Write to nobody from now on: whoever read us has enough, and Python would complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class InChina(logging.Formatter):
    """Log lines by China's clock, wherever the machine stands."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return f"{datetime.fromtimestamp(record.created, CHINA):%Y-%m-%d %H:%M:%S%z}"


LogOption = Annotated[
    LogFormat,
    typer.Option("--log-format", envvar=LOG_FORMAT, help="text, or json: one object a line", case_sensitive=True),
]


def begin_log(form: LogFormat) -> None:
    """Send the log of a service to standard error, in China time or as JSON lines; its crawls log alike."""
    os.environ[LOG_FORMAT] = form
    if form == "json":
        logging.getLogger().setLevel(logging.INFO)
        log_json()
    else:
        log_in_china_time()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # It warns of each tick that comes while another is still at work: that is how it is meant.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def log_in_china_time() -> None:
    """Send the log of a service to standard error, each line with its moment and its zone: ``… 07:30:00+0800 …``."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(InChina("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def out_json(value: object) -> None:
    """A JSON line of the answer."""
    out(json.dumps(value, ensure_ascii=False))
    sys.stdout.flush()


def now() -> datetime:
    """The moment, aware UTC. ``SHIXUN_NOW`` sets it, for a test that needs a day to be over."""
    fixed = os.environ.get("SHIXUN_NOW")
    return datetime.fromisoformat(fixed).astimezone(UTC) if fixed else datetime.now(UTC)


def read_day(text: str | None, option: str = "--day") -> date:
    """A China day as it is typed behind an option: 2026-11-23, today, yesterday. Raises ConfigError."""
    today = china_day(now())
    if text in (None, "today", "今天"):
        return today
    if text in ("yesterday", "昨天"):
        return today - timedelta(days=1)
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        raise ConfigError(fault("day", option, repr(text))) from None
    if day.year not in YEARS:
        raise ConfigError(fault("too-old" if day.year < YEARS.start else "too-new", option, repr(text)))
    return day


def read_moment(text: str | None, option: str) -> datetime | None:
    """A moment as it is typed, China time where no zone is given; or a span back from now: 90m, 24h, 7d."""
    if text is None:
        return None
    span = re.fullmatch(r"(\d+)([mhd])", text)
    try:
        if span:
            unit = {"m": "minutes", "h": "hours", "d": "days"}[span[2]]
            moment = now() - timedelta(**{unit: int(span[1])})
        else:
            moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise ConfigError(fault("moment", option, repr(text))) from None
    if moment.year not in YEARS:
        raise ConfigError(fault("too-old" if moment.year < YEARS.start else "too-new", option, repr(text)))
    return moment if moment.tzinfo else datetime.combine(moment.date(), moment.time() or time(), CHINA)
