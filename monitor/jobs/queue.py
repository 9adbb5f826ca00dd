"""The queue of sites to crawl, on procrastinate: the only file that knows it.

It holds nothing that the archive does not know: a lost queue is put together again by the next tick.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import psycopg
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued, AppNotOpen, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.schema import SchemaManager
from procrastinate.worker import Worker

from crawler.faults import Fault, fault
from storage.errors import DatabaseUnreachable
from storage.sql.engine import libpq_words
from storage.sql.holding import lock_key

log = logging.getLogger(__name__)

SCHEMA = "shixun_jobs"
"""Where procrastinate's tables stand: beside the archive's own, so that they can be dropped with one word."""

CRAWL = "crawl"
TOGETHER = 200
"""Jobs put into the queue by one statement."""

TRIES = 5
"""How often a crawl that was cut off is tried again at once; after that it waits for a tick, as anything due does."""

LONGEST_WAIT = 300
BUSY_WAIT = 10
BEAT = 10.0
STOPS_WITHIN = 20.0
"""Seconds that crawls on their way have to end when their worker does."""

FORGOTTEN_HOURS = 24
"""Jobs that failed are kept so long, for whoever looks after the service."""

_VIEW = f"""
    CREATE VIEW {SCHEMA}.queue AS
    SELECT job.id, job.args->>'site' AS site, job.status::text AS state, job.attempts,
           (SELECT max(event.at) FROM {SCHEMA}.procrastinate_events event
             WHERE event.job_id = job.id AND event.type IN ('deferred', 'deferred_for_retry')) AS since
    FROM {SCHEMA}.procrastinate_jobs job WHERE job.task_name = '{CRAWL}'
"""
_INDEX = f"""
    CREATE INDEX jobs_by_lock ON {SCHEMA}.procrastinate_jobs (lock, status) WHERE status IN ('todo', 'doing')
"""
"""Else each job that is taken is looked for among all that wait."""

_ALIVE = f"""
    SELECT count(*) FROM {SCHEMA}.procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'
"""


_LISTED = "SELECT count(*) AS listed FROM procrastinate_workers WHERE id = %(worker_id)s"


class QueueLost(DatabaseUnreachable):
    """The queue does not answer; its text is one line. What was taken from it is taken anew by somebody."""


class OtherQueue(Fault):
    """The queue was made for another procrastinate, and somebody still works by it."""


class PutBack(Exception):
    """A crawl that did not end since its worker did: another may take it at once."""


class Busy(Exception):
    """A crawl that did not begin since another process is at its site."""


class CutOff(Exception):
    """A crawl that ended before it was done."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A site to crawl, the host that it asks, and by which name the catalogue is published that tells of it."""

    site: str
    host: str
    catalogue: str


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two signs of life of a worker, and after how many without one its crawls are another's."""

    beat: float = BEAT
    stalled: float = 3 * BEAT

    @classmethod
    def usual(cls) -> Pace:
        """As it is; ``SHIXUN_BEAT`` (seconds) makes it quicker, for a test that waits for a rescue."""
        beat = float(os.environ.get("SHIXUN_BEAT") or BEAT)
        return cls(beat, 3 * beat)


Crawl = Callable[[str, str], Awaitable[None]]
"""(site, catalogue) crawls it; raises PutBack, Busy or CutOff where it is to be done anew."""


class _Again(BaseRetryStrategy):
    """When a crawl is tried again: at once where its worker ended, later and later where it was cut off."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, (PutBack, asyncio.CancelledError)):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, Busy):
            return RetryDecision(retry_in={"seconds": BUSY_WAIT})
        if job.attempts >= TRIES:
            return None
        return RetryDecision(retry_in={"seconds": min(2**job.attempts, LONGEST_WAIT)})


class _Jobs(JobManager):
    """Jobs that only their own worker ends: one that was given up, and is back, must not end its successor's."""

    def __init__(self, connector: PsycopgConnector) -> None:
        super().__init__(connector)
        self.lost: asyncio.Future[QueueLost] = asyncio.get_running_loop().create_future()
        """Why its worker must begin anew, once it must."""

    async def update_heartbeat(self, worker_id: int) -> None:
        """Beat, and notice what procrastinate's worker does not: that its beats fail, or come from one struck off."""
        try:
            await super().update_heartbeat(worker_id)
            found = await self.connector.execute_query_one_async(_LISTED, worker_id=worker_id)
        except ConnectorException as error:
            self._lose(_lost(error))
            raise
        if not found["listed"]:
            self._lose(QueueLost("this worker was silent for too long and was given up; it begins anew"))

    def _lose(self, why: QueueLost) -> None:
        if not self.lost.done():
            self.lost.set_result(why)

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        try:
            if await self._is_mine(job):
                await super().finish_job(job, status, delete_job)
        except ConnectorException as error:
            log.debug("job %s is left to be rescued: %s", job.id, error)

    async def retry_job(self, job: Job, *given: Any, **named: Any) -> None:
        try:
            if await self._is_mine(job):
                await super().retry_job(job, *given, **named)
        except UniqueViolation:
            # The site waits in the queue a second time already.
            await self.finish_job(job, Status.ABORTED, delete_job=True)
        except ConnectorException as error:
            log.debug("job %s is left to be rescued: %s", job.id, error)

    async def _is_mine(self, job: Job) -> bool:
        doing = await self.list_jobs_async(id=job.id, worker_id=job.worker_id, status=Status.DOING.value)
        return bool(list(doing))


class Queue:
    """The queue at a PostgreSQL address, of one event loop. As a context it is open.

    Raises QueueLost where it does not answer.
    """

    def __init__(self, address: str, pace: Pace) -> None:
        # What is lost is told once, by whoever has opened it.
        for name in ("procrastinate", "psycopg.pool"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._words = libpq_words(address)
        self._words["options"] = f"{self._words.get('options', '')} -c search_path={SCHEMA}".strip()
        self._pace = pace
        connector = PsycopgConnector(kwargs=self._words, min_size=1, max_size=4, timeout=max(2.0, pace.beat))
        self._app = App(connector=connector)
        self._app.job_manager = self._jobs = _Jobs(connector)

    async def __aenter__(self) -> Self:
        try:
            await self._prepare()
            await self._app.open_async()
        except (psycopg.Error, ConnectorException) as error:
            raise _lost(error) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            await self._app.close_async()
        except (psycopg.Error, ConnectorException) as error:
            log.debug("the queue is closed: %s", error)

    async def _prepare(self) -> None:
        """Make procrastinate's tables where there are none; one at a time. Raises OtherQueue."""
        made = SchemaManager.get_schema()
        name = hashlib.sha256((made + _VIEW + _INDEX).encode()).hexdigest()[:16]
        async with await psycopg.AsyncConnection.connect(**self._words) as server:  # type: ignore[arg-type]
            await server.execute("SELECT pg_advisory_xact_lock(%s)", [lock_key("jobs")])
            asked = "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s"
            found = await (await server.execute(asked, [SCHEMA])).fetchone()
            if found and found[0] == name:
                return
            if found:
                alive = await (await server.execute(_ALIVE)).fetchone()
                if alive and alive[0]:
                    raise OtherQueue(fault("other-queue", alive[0]))
                await server.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
            await server.execute(f"CREATE SCHEMA {SCHEMA}")
            await server.execute(made)
            await server.execute(_VIEW)
            await server.execute(_INDEX)
            await server.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{name}'")

    async def queued(self) -> set[str]:
        """The sites that wait or are being crawled. Raises QueueLost."""
        try:
            jobs = [
                job
                for status in (Status.TODO, Status.DOING)
                for job in await self._app.job_manager.list_jobs_async(task=CRAWL, status=status.value)
            ]
        except ConnectorException as error:
            raise _lost(error) from error
        return {str(job.task_kwargs["site"]) for job in jobs}

    async def put(self, errands: Sequence[Errand]) -> int:
        """Put sites into the queue, each at most once; how many were not there yet. Raises QueueLost."""
        put = 0
        for first in range(0, len(errands), TOGETHER):
            jobs = [_job(errand) for errand in errands[first : first + TOGETHER]]
            try:
                put += await self._put(jobs)
            except ConnectorException as error:
                raise _lost(error) from error
        return put

    async def _put(self, jobs: list[Job]) -> int:
        try:
            return len(await self._app.job_manager.batch_defer_jobs_async(jobs))
        except AlreadyEnqueued:
            # Another service was quicker with one of them.
            return sum([await self._put([job]) for job in jobs]) if len(jobs) > 1 else 0

    async def rescue(self) -> list[str]:
        """Put back what workers had taken that give no sign of life any more; their sites. Raises QueueLost."""
        manager = self._app.job_manager
        rescued: list[str] = []
        try:
            async with self._connector.pool.connection() as server:
                # Two at a time would put back what was taken in between.
                mine = await (
                    await server.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_key("rescue")])
                ).fetchone()
                if mine and mine[0]:
                    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self._pace.stalled):
                        rescued.append(str(job.task_kwargs["site"]))
                        await manager.retry_job(job)
        except (psycopg.Error, ConnectorException) as error:
            raise _lost(error) from error
        return rescued

    async def forget(self) -> None:
        """Drop what failed long ago. Raises QueueLost."""
        try:
            await self._app.job_manager.delete_old_jobs(
                FORGOTTEN_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
            )
        except ConnectorException as error:
            raise _lost(error) from error

    @property
    def _connector(self) -> PsycopgConnector:
        connector = self._app.connector
        assert isinstance(connector, PsycopgConnector)
        return connector

    async def work(self, crawl: Crawl, at_once: int, stop: asyncio.Event) -> None:
        """Crawl what waits, so many sites at once, until ``stop``. Raises QueueLost.

        Then crawls have ``STOPS_WITHIN`` to end; those that raise PutBack are another's at once.
        """

        async def take(_context: JobContext, *, site: str, catalogue: str) -> None:
            await crawl(site, catalogue)

        self._app.task(name=CRAWL, pass_context=True, retry=_Again())(take)
        worker = Worker(
            app=self._app,
            concurrency=at_once,
            fetch_job_polling_interval=min(5.0, self._pace.beat),
            shutdown_graceful_timeout=STOPS_WITHIN,
            delete_jobs="successful",
            install_signal_handlers=False,
            update_heartbeat_interval=self._pace.beat,
            stalled_worker_timeout=self._pace.stalled,
        )
        working = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({working, stopping, self._jobs.lost}, return_when=asyncio.FIRST_COMPLETED)
            worker.stop()  # type: ignore[no-untyped-call]
            await working
        except (psycopg.Error, ConnectorException, AppNotOpen) as error:
            raise _lost(error) from error
        finally:
            stopping.cancel()
        if self._jobs.lost.done():
            raise self._jobs.lost.result()
        if not stop.is_set():
            raise QueueLost("the queue cannot be used: the database does not answer")


def _job(errand: Errand) -> Job:
    return Job(
        id=None,
        queue="crawls",
        lock=f"host {errand.host}",
        queueing_lock=f"site {errand.site}",
        task_name=CRAWL,
        task_kwargs={"site": errand.site, "catalogue": errand.catalogue},
    )


def _lost(error: BaseException) -> QueueLost:
    told = str(error.__cause__ or error).strip().split("\n")[0]
    return QueueLost(f"the queue cannot be used: {told}")
