"""China days, as the log and the digest ask for them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from storage.records import CHINA


def day_span(day: date) -> tuple[datetime, datetime]:
    """The moments at which a China day begins and ends."""
    start = datetime.combine(day, time(), CHINA)
    return start, start + timedelta(days=1)
