"""A machine's clock that was ahead and is put back: nothing waits until it comes there again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crawl_child import write_catalogue
from test_storage_archive import COLUMN, discovering, listed

from crawler.sites import load_catalogue
from monitor.service import Service
from storage.sql import open_archive

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
AHEAD = NOW + timedelta(days=3000)


@pytest.mark.parametrize(("then", "due"), [(NOW, {"yunxi": 1}), (AHEAD + timedelta(minutes=1), {})])
def test_what_was_visited_ahead_of_time_is_due_once_the_clock_is_right(
    tmp_path: Path, then: datetime, due: dict[str, int]
) -> None:
    write_catalogue(tmp_path, {"yunxi": {"name": "云溪", "columns": [COLUMN]}})
    clock = [AHEAD]
    service = Service(tmp_path, clock=lambda: clock[-1])
    service.catalogue, service.archive = load_catalogue(tmp_path), open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    service._enlist()
    service.archive.crawling.record(listed(at=AHEAD), discovering())
    clock.append(then)
    service._enlist()
    assert service.archive.running.due_sites(then) == due
    service.archive.close()
