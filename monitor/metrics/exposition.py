"""The figures as Prometheus reads them: the only file that knows its client library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Metric, PlatformCollector, ProcessCollector, start_http_server
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from crawler.agent import program_version
from crawler.faults import fault
from crawler.locks import ServiceBusy
from monitor.metrics.gather import Gatherer, Process, Standing, process_of
from monitor.metrics.pulse import BOUNDS, Pulse
from storage.changes import ChangeKind
from storage.measuring import FETCH_BOUNDS, Visits
from storage.outbox import LetterState
from storage.records import Outcome


class Exposition:
    """What one process tells: of itself, and of the archive where it has one to tell of.

    Every process on an archive would tell the same of it: only those with pages do, workers tell of themselves alone.
    """

    def __init__(self, pulse: Pulse, gatherer: Gatherer | None = None) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._registry.register(_Figures(pulse, gatherer))

    def text(self, accept: str = "") -> tuple[bytes, str]:
        """The figures now and their media type, in the format asked for. Raises StorageError."""
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type

    @contextmanager
    def served(self, port: int, host: str = "127.0.0.1") -> Iterator[str]:
        """Tell whoever asks at an address, from a thread of its own, until the block ends. Raises ServiceBusy.

        For a process without pages, and so without a lock: of itself it tells nothing that others may not know.
        """
        try:
            server, thread = start_http_server(port, host, self._registry)
        except (OSError, OverflowError) as error:
            raise ServiceBusy(fault("port-taken", host, port, error)) from error
        try:
            yield f"http://{host}:{server.server_port}/metrics"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Figures(Collector):
    def __init__(self, pulse: Pulse, gatherer: Gatherer | None) -> None:
        self._pulse, self._gatherer = pulse, gatherer

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: to know it the archive would have to be asked."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """All families."""
        yield InfoMetricFamily("shixun_build", "The program.", {"version": program_version()})
        yield from _process(process_of(self._pulse))
        if self._gatherer is not None:
            yield from _archive(self._gatherer.standing())


def _process(process: Process) -> Iterator[Metric]:
    if process.silent is not None:
        name = "shixun_clock_silent_seconds"
        yield GaugeMetricFamily(name, "Since the service's clock last ticked.", process.silent)
    work = GaugeMetricFamily("shixun_at_work", "What this process is at; of crawls, sites.", labels=["work"])
    took = HistogramMetricFamily("shixun_work_seconds", "How long work of this process took.", labels=["work"])
    for name, number in process.at_work.items():
        work.add_metric([name], number)
    for name, durations in process.took.items():
        took.add_metric([name], _buckets(BOUNDS, durations.within, durations.number), durations.seconds)
    yield work
    yield took
    yield GaugeMetricFamily("shixun_child_processes", "Processes that this one started.", process.children)
    name = "shixun_child_resident_memory_bytes"
    yield GaugeMetricFamily(name, "Their resident memory together.", process.children_bytes)


def _archive(standing: Standing) -> Iterator[Metric]:
    yield from _visits(standing)
    changes = CounterMetricFamily("shixun_changes", "Changes ever told.", labels=["kind"])
    for kind in ChangeKind:
        changes.add_metric([kind.value], standing.changes.get(kind, 0))
    yield changes
    letters = GaugeMetricFamily("shixun_letters", "Letters to subscribers by how far they are.", labels=["state"])
    for state in LetterState:
        letters.add_metric([state.value], standing.letters.get(state, 0))
    yield letters
    for what, number in standing.counts.items():
        yield GaugeMetricFamily(f"shixun_archive_{what}", f"The {what} in the archive.", number)
    yield GaugeMetricFamily("shixun_archive_bytes", "The size of the database.", standing.size)
    yield GaugeMetricFamily("shixun_sites", "Sites watched.", standing.sites)
    yield GaugeMetricFamily("shixun_sites_due", "Sites with a page due.", standing.waiting)
    yield GaugeMetricFamily("shixun_pages_due", "Pages due.", standing.due)
    yield GaugeMetricFamily("shixun_lag_seconds", "Since the page longest overdue was due.", standing.late)
    yield GaugeMetricFamily("shixun_visits_undecided", "Visits that wait to be compared.", standing.undecided)
    yield GaugeMetricFamily("shixun_workers", "Workers that are well.", standing.workers)
    yield GaugeMetricFamily(
        "shixun_workers_lost", "Workers without a sign of life for a minute.", standing.lost_workers
    )
    if standing.queue is not None:
        queue = GaugeMetricFamily("shixun_queue", "Crawls of sites in the queue.", labels=["state"])
        for how in ("waiting", "doing", "failed"):
            queue.add_metric([how], getattr(standing.queue, how))
        yield queue
        name = "shixun_queue_oldest_seconds"
        yield GaugeMetricFamily(name, "Since the crawl that waits longest was queued.", standing.queued_for)
    if standing.unread:
        unread = GaugeMetricFamily(
            "shixun_site_unread_seconds", "Since a column of the site was last read.", labels=["site"]
        )
        for site, age in standing.unread.items():
            unread.add_metric([site], age)
        yield unread


def _visits(standing: Standing) -> Iterator[Metric]:
    counted = CounterMetricFamily("shixun_visits", "Visits of all processes by what they came to.", labels=["outcome"])
    answered = Visits()
    for outcome in Outcome:
        visits = standing.visits.get(outcome, Visits())
        counted.add_metric([outcome.value], visits.number)
        answered += visits
    yield counted
    fetched = HistogramMetricFamily("shixun_fetch_seconds", "How long sites took to answer.")
    bounds = [milliseconds / 1000 for milliseconds in FETCH_BOUNDS]
    fetched.add_metric([], _buckets(bounds, answered.within, answered.answered), answered.milliseconds / 1000)
    yield fetched


def _buckets(bounds: Sequence[float], within: Sequence[int], number: int) -> list[tuple[str, float]]:
    """Counts up to each bound, as Prometheus adds them up."""
    found, so_far = [], 0
    for bound, count in zip(bounds, within, strict=True):
        so_far += count
        found.append((str(bound), float(so_far)))
    return [*found, ("+Inf", float(number))]
