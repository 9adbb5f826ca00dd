"""The bench of sizes: what its table calls too much, and that its catalogue is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.scale import line, memory_line
from bench.scale_archive import catalogue, size_of
from bench.scale_questions import Cost
from crawler.sites import load_catalogue


@pytest.mark.parametrize(
    ("small", "large", "held"),
    [
        (Cost("a", 1, 1, "page", 100), Cost("a", 190, 190, "page", 10_000), True),
        (Cost("a", 1, 1, "page", 100), Cost("a", 210, 210, "page", 10_000), False),
        (Cost("a", 1, 1), Cost("a", 2.9, 2.9), True),
        (Cost("a", 1, 1), Cost("a", 3.1, 3.1), False),
        (Cost("a", 0.001, 0.001), Cost("a", 0.5, 0.5), True),
        (Cost("search: a", 1, 1), Cost("search: a", 99, 99), True),
        (Cost("search: a", 1, 1), Cost("search: a", 101, 101), False),
    ],
)
def test_what_grows_faster_than_its_work_is_over(small: Cost, large: Cost, held: bool) -> None:
    written, holds = line([small, large])
    assert (holds, "OVER" in written) == (held, not held)


def test_the_growth_is_told_by_the_unit_of_work() -> None:
    written, _ = line([Cost("a", 1, 1, "page", 100), Cost("a", 150, 150, "page", 10_000)])
    assert "1.50" in written
    assert "15.00 µs a page" in written


def test_its_catalogue_names_every_site_of_the_size(tmp_path: Path) -> None:
    (tmp_path / "sites.yaml").write_text(catalogue(size_of(10_000).sites, "sqlite:///x.db"), "utf-8")
    assert len(load_catalogue(tmp_path).sites) == 50


def test_what_ticks_added_is_told_over_the_open_service() -> None:
    memory = {"imported": 80.0, "open": 100.0, "first tick": 104.0, "ticks": 107.0, "peak": 110.0}
    assert "ticks added 7 MB" in memory_line(1000, memory)
