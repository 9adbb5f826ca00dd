"""When the service ticks, and when it writes the digest, by China's clock."""

from __future__ import annotations

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from monitor.config import Settings

CHINA_ZONE = "Asia/Shanghai"


def clockwork(settings: Settings) -> tuple[IntervalTrigger, CronTrigger]:
    """When to tick, and when to write the digest."""
    at = settings.digest.at
    return (
        IntervalTrigger(seconds=settings.service.tick.total_seconds(), timezone=CHINA_ZONE),
        CronTrigger(hour=at.hour, minute=at.minute, timezone=CHINA_ZONE),
    )
