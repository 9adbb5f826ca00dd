"""Who crawls for an archive, on whatever machines, as ``status`` tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from monitor import tell
from monitor.commands.screen import Context
from storage.crew import Queue, Worker, is_lost
from storage.records import CHINA

NAMED = 5
"""So many of the sites that a worker is at are named; of more, how many they are."""


def crew_lines(workers: Sequence[Worker], queue: Queue | None, now: datetime, options: Context) -> Iterator[str]:
    """The queue and the workers, a line each; nothing where one service does it all."""
    if queue is not None:
        line = options.says("queue", queue.waiting, queue.doing, queue.failed)
        yield options.says("queue-oldest", line, _moment(queue.oldest_at)) if queue.oldest_at else line
    for worker in workers:
        yield options.says(
            "worker-lost" if is_lost(worker, now) else "worker",
            tell.printable(worker.name),
            tell.printable(worker.host),
            worker.pid,
            _moment(worker.started_at),
            worker.crawls,
            _moment(worker.seen_at, "%H:%M:%S"),
            _doing(worker, options),
        )


def crew_json(workers: Sequence[Worker], queue: Queue | None, now: datetime) -> dict[str, object]:
    """The same for programs; ``queue`` is null where there is none."""
    waits = None
    if queue is not None:
        oldest = tell.china_time(queue.oldest_at) if queue.oldest_at else None
        waits = {"waiting": queue.waiting, "doing": queue.doing, "failed": queue.failed, "oldest_at": oldest}
    return {"workers": [_worker_json(worker, now) for worker in workers], "queue": waits}


def _worker_json(worker: Worker, now: datetime) -> dict[str, object]:
    return {
        "name": worker.name,
        "host": worker.host,
        "pid": worker.pid,
        "version": worker.version,
        "started_at": tell.china_time(worker.started_at),
        "seen_at": tell.china_time(worker.seen_at),
        "lost": is_lost(worker, now),
        "crawls": worker.crawls,
        "doing": list(worker.doing),
    }


def _doing(worker: Worker, options: Context) -> str:
    if not worker.doing:
        return options.says("worker-idle")
    named = options.says("comma").join(map(tell.printable, worker.doing[:NAMED]))
    return named if len(worker.doing) <= NAMED else options.says("worker-more", named, len(worker.doing))


def _moment(moment: datetime, form: str = "%m-%d %H:%M") -> str:
    """By China's clock."""
    return f"{moment.astimezone(CHINA):{form}}"
