"""The outbox over SQLAlchemy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select, text, update

from storage.codec import dump, load
from storage.outbox import LONGEST_CLAIM, Letter, LetterState, Posting, Step, Verdict
from storage.sql.engine import Database
from storage.sql.tables import changes, outbox, outbox_places
from storage.sql.upsert import insert_unknown

LONGEST_ERROR = 500
LOCK_SECONDS = 5


class SqlOutbox:
    """See ``storage.outbox.Outbox``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reached(self, name: str) -> int | None:
        with self._database.read() as connection:
            found: int | None = connection.execute(
                select(outbox_places.c.reached).where(outbox_places.c.name == name)
            ).scalar()
        return found

    def latest_change(self, known: int = 0) -> int:
        newest = select(func.max(changes.c.id))
        with self._database.read() as connection:
            seen = int(connection.execute(newest).scalar() or 0)
            if seen <= known or connection.dialect.name != "postgresql":
                # SQLite has one writer at a time: its ids are committed in their order.
                return max(seen, known)
        with self._database.write() as connection:
            # PostgreSQL gives ids out before they are committed: a lower one may still be on its way. This waits for
            # every writer of changes to end, and holds new ones off for the length of one look.
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
            connection.execute(text("LOCK TABLE changes IN SHARE MODE"))
            return int(connection.execute(newest).scalar() or 0)

    def post(self, postings: Sequence[Posting], now: datetime, step: Step | None = None) -> int | None:
        with self._database.write() as connection:
            if step is not None and not _move(connection, step):
                connection.rollback()
                return None
            written = 0
            for posting in postings:
                unknown = insert_unknown(connection, outbox).returning(outbox.c.id)
                written += len(connection.execute(unknown, _values(posting, now)).all())
        return written

    def hasten(self, item: str, now: datetime) -> None:
        held = and_(
            outbox.c.state == LetterState.WAITING.value,
            outbox.c.doubts == 0,
            outbox.c.next_at > now,
        )
        dropped = and_(outbox.c.item == item, outbox.c.state == LetterState.DROPPED.value)
        with self._database.write() as connection:
            connection.execute(update(outbox).where(outbox.c.item == item, held).values(next_at=now))
            again = {"state": LetterState.WAITING.value, "next_at": now, "attempts": 0}
            connection.execute(update(outbox).where(dropped).values(again))

    def lanes(self, now: datetime) -> list[str]:
        with self._database.read() as connection:
            found = connection.execute(select(outbox.c.lane).where(_claimable(now)).distinct().order_by(outbox.c.lane))
            return list(found.scalars())

    def claim(self, worker: str, lane: str, now: datetime, until: datetime) -> Letter | None:
        due = select(outbox).where(outbox.c.lane == lane, _claimable(now)).order_by(outbox.c.next_at, outbox.c.id)
        with self._database.write() as connection:
            # Two claimers on PostgreSQL step past each other; on SQLite a writer is alone anyway.
            row = connection.execute(due.limit(1).with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            claimed = {"state": LetterState.CLAIMED.value, "claimed_by": worker, "claimed_until": until}
            mine = update(outbox).where(outbox.c.id == row.id)
            connection.execute(mine.values(attempts=row.attempts + 1, **claimed))
            return _letter(connection.execute(select(outbox).where(outbox.c.id == row.id)).one())

    def renew(self, worker: str, until: datetime) -> None:
        mine = outbox.c.state.in_([LetterState.CLAIMED.value, LetterState.SENDING.value])
        with self._database.write() as connection:
            connection.execute(update(outbox).where(outbox.c.claimed_by == worker, mine).values(claimed_until=until))

    def hand_over(self, letter_id: int, worker: str, until: datetime) -> bool:
        mine = _held(letter_id, worker).where(outbox.c.state == LetterState.CLAIMED.value)
        with self._database.write() as connection:
            going = mine.values(state=LetterState.SENDING.value, claimed_until=until)
            return connection.execute(going).rowcount == 1

    def sent(self, letter_id: int, now: datetime) -> None:
        done = {"state": LetterState.SENT.value, "sent_at": now, "last_error": None}
        with self._database.write() as connection:
            connection.execute(
                update(outbox)
                .where(outbox.c.id == letter_id, outbox.c.state != LetterState.SENT.value)
                .values(claimed_by=None, claimed_until=None, **done)
            )

    def failed(self, letter_id: int, worker: str, verdict: Verdict) -> bool:
        with self._database.write() as connection:
            back = _held(letter_id, worker).values(
                state=verdict.state.value,
                next_at=verdict.next_at,
                last_error=verdict.error[:LONGEST_ERROR],
                doubts=outbox.c.doubts + int(verdict.doubtful),
                attempts=outbox.c.attempts - int(not verdict.attempted),
                claimed_by=None,
                claimed_until=None,
            )
            return connection.execute(back).rowcount == 1

    def doubt(self, now: datetime, again_at: datetime, most: int, error: str) -> int:
        vanished = and_(outbox.c.state == LetterState.SENDING.value, _lapsed(now))
        with self._database.read() as connection:
            if connection.execute(select(outbox.c.id).where(vanished).limit(1)).first() is None:
                return 0
        back = {
            "state": case((outbox.c.doubts >= most, LetterState.UNSURE.value), else_=LetterState.WAITING.value),
            "doubts": outbox.c.doubts + 1,
            "next_at": again_at,
            "last_error": error[:LONGEST_ERROR],
            "claimed_by": None,
            "claimed_until": None,
        }
        with self._database.write() as connection:
            return connection.execute(update(outbox).where(vanished).values(back)).rowcount

    def letters(
        self, states: Collection[LetterState] = (), *, item: str | None = None, limit: int = 100
    ) -> list[Letter]:
        wanted: Select[Any] = select(outbox).order_by(outbox.c.id.desc()).limit(limit)
        if states:
            wanted = wanted.where(outbox.c.state.in_(sorted(state.value for state in states)))
        if item is not None:
            wanted = wanted.where(outbox.c.item == item)
        with self._database.read() as connection:
            return [_letter(row) for row in connection.execute(wanted)]

    def counts(self) -> dict[LetterState, int]:
        by_state = select(outbox.c.state, func.count().label("n")).group_by(outbox.c.state)
        with self._database.read() as connection:
            found = {row.state: row.n for row in connection.execute(by_state)}
        return {state: found[state.value] for state in LetterState if state.value in found}


def _move(connection: Connection, step: Step) -> bool:
    """Move a log's place; false where it is not where it was thought to be."""
    if step.was is None:
        first = insert_unknown(connection, outbox_places).returning(outbox_places.c.name)
        return connection.execute(first, {"name": step.name, "reached": step.now}).first() is not None
    here = update(outbox_places).where(outbox_places.c.name == step.name, outbox_places.c.reached == step.was)
    return connection.execute(here.values(reached=step.now)).rowcount == 1


def _claimable(now: datetime) -> ColumnElement[bool]:
    """Letters that are due, and letters whose claim has lapsed before they were handed over."""
    return or_(
        and_(outbox.c.state == LetterState.WAITING.value, outbox.c.next_at <= now),
        and_(outbox.c.state == LetterState.CLAIMED.value, _lapsed(now)),
    )


def _lapsed(now: datetime) -> ColumnElement[bool]:
    return or_(outbox.c.claimed_until < now, outbox.c.claimed_until > now + LONGEST_CLAIM)


def _held(letter_id: int, worker: str) -> Any:
    return update(outbox).where(outbox.c.id == letter_id, outbox.c.claimed_by == worker)


def _values(posting: Posting, now: datetime) -> dict[str, object]:
    return {
        "subscriber": posting.subscriber,
        "channel": posting.channel,
        "item": posting.item,
        "label": posting.label,
        "lane": posting.lane,
        "details": dump(dict(posting.details)),
        "state": LetterState.WAITING.value,
        "attempts": 0,
        "doubts": 0,
        "created_at": now,
        "next_at": max(posting.not_before, now),
    }


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        id=row.id,
        subscriber=row.subscriber,
        channel=row.channel,
        item=row.item,
        label=row.label,
        lane=row.lane,
        details=load(row.details),
        state=LetterState(row.state),
        created_at=row.created_at,
        next_at=row.next_at,
        attempts=row.attempts,
        doubts=row.doubts,
        last_error=row.last_error,
        sent_at=row.sent_at,
    )
