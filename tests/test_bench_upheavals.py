"""Whole sites at once: a redesign is one event, an outage and a firewall none, an upgrade silent; at a small size."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.upheavals import UPHEAVALS, Outcome, run


@pytest.mark.parametrize("name", UPHEAVALS)
def test_an_upheaval_is_told_as_a_reader_would(name: str, tmp_path: Path) -> None:
    outcomes = list(run(name, 14, tmp_path))
    assert len(outcomes) > 2
    assert [outcome for outcome in outcomes if not outcome.holds] == []


def test_an_outcome_holds_only_as_it_was_expected() -> None:
    outcome = Outcome("a step", {"edited": 2}, {"edited": 2}, "90 次被防火墙拦截", "防火墙")
    assert outcome.holds
    assert not replace(outcome, told={"edited": 3}).holds
    assert not replace(outcome, told={}).holds
    assert not replace(outcome, health=None).holds
