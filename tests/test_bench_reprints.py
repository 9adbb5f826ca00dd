"""The benches of reprints at a small size: the set is what it says, figures are right and move when they should."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench import lookups, reprints
from bench.copies import COPIES, SHORT_COPIES, made_set
from monitor.compare.reprints import Wording


def test_a_set_is_the_same_for_the_same_seed_and_has_all_of_it() -> None:
    made = made_set(500)
    assert [one.article for one in made_set(60)] == [one.article for one in made_set(60)]
    assert made_set(60)[0].article != made_set(60, seed=7)[0].article
    assert {one.how for one in made} == {"original", "series", *COPIES}
    assert [one.seen for one in made] == sorted(one.seen for one in made)
    originals = Counter(one.family for one in made if one.how in ("original", "series"))
    assert set(originals.values()) == {1}
    assert set(SHORT_COPIES) < set(COPIES)


def test_pairs_are_counted_over_the_whole_set() -> None:
    found = reprints.score([1, 1, 1, 2, 2, 3], [9, 9, 8, 8, 7, 6])
    assert (found.told, found.true, found.both) == (2, 4, 1)
    assert (found.precision, found.recall) == (0.5, 0.25)
    assert found.f1 == pytest.approx(1 / 3)
    assert reprints.score([1, 2], [1, 2]).f1 == 1.0


def database(folder: Path) -> str:
    return f"sqlite:///{folder / 'set.db'}"


def test_a_small_set_is_told_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reprints.run(300, database(tmp_path))
    told = capsys.readouterr().out
    assert told.startswith("300 articles, ")
    assert float(told.split("F1 ")[1][:6]) >= reprints.GATE_F1


def test_a_judge_that_believes_every_candidate_does_not_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wording, "tells", lambda one, other: True)
    assert not reprints.run(300, database(tmp_path))
    assert "wrong: series with series" in capsys.readouterr().out


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few lookups of each kind."""
    monkeypatch.setattr(lookups, "_ROUNDS", 20)


@pytest.mark.usefixtures("few")
def test_lookups_find_what_was_stored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lookups.run(2000, database(tmp_path))
    told = capsys.readouterr().out
    assert "2,000 sketches on sqlite" in told
    assert "not found: 0 of 40" in told


@pytest.mark.usefixtures("few")
def test_a_lookup_that_is_slow_does_not_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "GATE_MS", 0.0)
    assert not lookups.run(100, database(tmp_path))
