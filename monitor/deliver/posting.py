"""Putting letters into the outbox: the morning's digest, the week's, and what is urgent.

What has been posted is remembered in the transaction that posts it, so that nothing is passed over or posted twice,
whenever a process is killed and however many of them post.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from monitor.config import Settings, SubscriberSection
from monitor.deliver.addresses import Address, Kind
from monitor.deliver.alarms import Alarm, Versions, alarm, concerns, keys_to_read
from storage.archive import Archive
from storage.outbox import Posting, Step
from storage.records import CHINA, Change, china_day

DIGESTS, WEEKS, ALERTS = "digest", "weekly", "alerts"
"""The names of the three logs whose posting is remembered."""

MOST_DAYS = 3
"""Days whose digests are posted together, after a time when nobody posted; older ones are no news.

Neither are changes from before them: they come from files of the past.
"""

CHANGES_AT_ONCE = 500
MOST_ALARMS = 200
"""Alarms that one letter names; of more it says how many."""

CONVERSATIONS = 4
"""Mail goes out in so many conversations at once, so that one reader's slow mailbox does not hold up all the others."""


def post_now(archive: Archive, settings: Settings, day: date, now: datetime, *, weekly: bool = False) -> str:
    """Post the digest of a China day, or of its week, to be sent now to whoever did not get it yet; the item's name.

    One that is not over is an item of its own for each state of the change log: the whole of it comes later.
    """
    over = china_day(now) > (day + timedelta(days=6 - day.weekday()) if weekly else day)
    item, details = _week(day) if weekly else _day(day)
    item += "" if over else f"@{archive.outbox.latest_change()}"
    readers = _readers(settings, "weekly" if weekly else "digest")
    archive.outbox.post([_posting(name, address, item, now, details) for name, _, address in readers], now)
    archive.outbox.hasten(item, now)
    return item


def post_morning(archive: Archive, settings: Settings, day: date, now: datetime) -> int:
    """Post the digest of the day before, with it those of days when nobody posted, and on the first morning of a week
    that of the week before.

    Once each, ever: who subscribes later gets the next one. How many letters were posted.
    """
    posted, today = 0, china_day(now).toordinal()
    owed = unposted(archive, day, now)
    if owed:
        step = Step(DIGESTS, archive.outbox.reached(DIGESTS), day.toordinal())
        letters = [letter for each in owed for letter in _daily(settings, each, now)]
        posted += archive.outbox.post(letters, now, step) or 0
    monday = day - timedelta(days=day.weekday() + (0 if day.weekday() == 6 else 7))
    reached = archive.outbox.reached(WEEKS)
    if reached is None or reached < monday.toordinal() or reached + 6 >= today:
        # Where no week was ever posted, one is only begun with on its own morning.
        due = reached is not None or day.weekday() == 6
        letters = _weekly(settings, monday, day, now) if due else []
        posted += archive.outbox.post(letters, now, Step(WEEKS, reached, monday.toordinal())) or 0
    return posted


def unposted(archive: Archive, day: date, now: datetime) -> list[date]:
    """The days up to this one whose digests were not posted, oldest first: of many the last few, at first this one.

    A place that lies today or beyond was reached by a clock that ran ahead, and is none.
    """
    reached, last = archive.outbox.reached(DIGESTS), day.toordinal()
    if reached is None or reached >= china_day(now).toordinal():
        return [day]
    return [date.fromordinal(each) for each in range(max(reached, last - MOST_DAYS) + 1, last + 1)]


def post_alerts(archive: Archive, settings: Settings, now: datetime) -> int:
    """Post what is urgent of the changes told since the last time; how many letters. The first time posts nothing.

    The log is read up to the newest change below which none can be written any more.
    """
    reached = archive.outbox.reached(ALERTS)
    latest = archive.outbox.latest_change(reached or 0)
    if reached is None:
        archive.outbox.post([], now, Step(ALERTS, None, latest))
        return 0
    if reached >= latest:
        return 0
    waiting = [change for change in archive.reading.changes(after=reached) if change.id <= latest]
    posted = 0
    for start in range(0, len(waiting), CHANGES_AT_ONCE):
        some = waiting[start : start + CHANGES_AT_ONCE]
        letters = _alerts(archive, settings, some, now)
        written = archive.outbox.post(letters, now, Step(ALERTS, reached, some[-1].id))
        if written is None:
            # Somebody else is posting them: they go on from there.
            break
        posted, reached = posted + written, some[-1].id
    return posted


def _alerts(archive: Archive, settings: Settings, changes: Sequence[Change], now: datetime) -> list[Posting]:
    readers = list(_readers(settings, "alerts"))
    changes = [change for change in changes if now - change.detected_at <= timedelta(days=MOST_DAYS)]
    if not readers or not changes:
        return []
    versions = archive.reading.versions(keys_to_read(changes, settings.alerts))
    urgent = [(change, found) for change in changes if (found := alarm(change, settings.alerts, versions))]
    return list(_urgent_letters(readers, urgent, versions, now))


def _urgent_letters(
    readers: Sequence[tuple[str, SubscriberSection, Address]],
    urgent: Sequence[tuple[Change, Alarm]],
    versions: Versions,
    now: datetime,
) -> Iterator[Posting]:
    for name, subscriber, address in readers:
        alarms = [found for change, found in urgent if concerns(subscriber, change, versions)]
        if alarms:
            item = f"alerts:{urgent[0][0].id}-{urgent[-1][0].id}"
            told = [[one.change_id, list(one.why), list(one.words)] for one in alarms[:MOST_ALARMS]]
            details = {"alarms": told, "more": max(0, len(alarms) - MOST_ALARMS)}
            yield _posting(name, address, item, now, details)


def _day(day: date) -> tuple[str, dict[str, object]]:
    return f"digest:{day}", {"day": day.isoformat()}


def _week(day: date) -> tuple[str, dict[str, object]]:
    year, week, _ = day.isocalendar()
    return f"weekly:{year}-W{week:02}", {"week": (day - timedelta(days=day.weekday())).isoformat()}


def _daily(settings: Settings, day: date, now: datetime) -> list[Posting]:
    item, details = _day(day)
    return [
        _posting(name, address, item, _hour(reader, day, now), details)
        for name, reader, address in _readers(settings, "digest")
    ]


def _weekly(settings: Settings, monday: date, day: date, now: datetime) -> list[Posting]:
    item, details = _week(monday)
    return [
        _posting(name, address, item, _hour(reader, day, now), details)
        for name, reader, address in _readers(settings, "weekly")
    ]


def _readers(settings: Settings, what: str) -> Iterator[tuple[str, SubscriberSection, Address]]:
    for name, subscriber in settings.subscribers.items():
        if what in subscriber.what:
            for address in subscriber.to:
                yield name, subscriber, address


def _hour(subscriber: SubscriberSection, day: date, now: datetime) -> datetime:
    """When a subscriber wants to hear of a day that is over: at their hour of the morning after, or at once."""
    if subscriber.at is None:
        return now
    return datetime.combine(day + timedelta(days=1), subscriber.at, CHINA)


def _posting(name: str, address: Address, item: str, not_before: datetime, details: Mapping[str, object]) -> Posting:
    return Posting(
        subscriber=name,
        channel=address.channel,
        item=item,
        label=address.masked,
        lane=lane(address, urgent=item.startswith("alerts:")),
        not_before=not_before,
        details=details,
    )


def lane(address: Address, *, urgent: bool) -> str:
    """Which letters wait for one another: those for one hook; all files; mail by a few conversations.

    What is urgent has lanes of its own and never waits behind a morning's digests.
    """
    name = address.channel
    if address.kind is Kind.MAIL:
        name = f"mail:{int(address.channel[-4:], 16) % CONVERSATIONS}"
    elif address.kind is Kind.FILE:
        name = "file"
    return f"{name}!" if urgent else name
