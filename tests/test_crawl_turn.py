"""Who may write to the archive, while another process does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from crawler.spiders.turn import Turn
from storage.errors import DatabaseUnreachable
from storage.sql.engine import Database, make_engine


def test_a_file_is_busy_for_as_long_as_another_writes(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'a.db'}"
    ours, theirs = Database(make_engine(address)), Database(make_engine(address))
    try:
        assert not ours.is_busy()
        with theirs.read() as connection:
            connection.execute(text("SELECT 1"))
            assert not ours.is_busy()
        with theirs.write() as connection:
            connection.execute(text("CREATE TABLE a (b)"))
            assert ours.is_busy()
        assert not ours.is_busy()
        # Asking holds nothing.
        with theirs.write() as connection:
            connection.execute(text("INSERT INTO a VALUES (1)"))
    finally:
        ours.close()
        theirs.close()


def test_what_is_no_database_is_not_busy(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"no database at all" * 100)
    opened = Database(make_engine(f"sqlite:///{tmp_path / 'a.db'}"))
    assert not opened.is_busy()
    with pytest.raises(DatabaseUnreachable), opened.write():
        pass
    opened.close()


def test_who_waits_goes_on_in_the_order_of_coming_and_only_the_first_looks() -> None:
    answers = [True, True, True, False, True, False, False]
    looks: list[str] = []

    def is_busy() -> bool:
        looks.append("look")
        return answers.pop(0)

    async def write(turn: Turn, name: str) -> None:
        await turn.come()
        looks.append(name)

    async def all_of_them() -> None:
        turn = Turn(is_busy)
        assert not turn.is_mine()
        waiting = [asyncio.ensure_future(write(turn, name)) for name in "abc"]
        await asyncio.sleep(0)
        assert not turn.is_mine(), "who comes later waits behind the others"
        await asyncio.gather(*waiting)

    asyncio.run(all_of_them())
    assert looks == ["look", "look", "look", "look", "a", "look", "look", "b", "look", "c"]


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.spiders.turn.LOOKS", 3)
    monkeypatch.setattr("crawler.spiders.turn.LOOKS_AGAIN", 0)
    asked = []
    asyncio.run(Turn(lambda: bool(asked.append(1)) or True).come())
    assert len(asked) == 3
