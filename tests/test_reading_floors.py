"""The quality gate: what reading scores on pages with gold may rise, and never falls below its floor.

``floors.json`` holds the floors of each set (a figure named ``*_poor`` or ``*_invented`` is the most there may be);
``disputes.json`` the pages whose gold is held to be wrong, each with the figure and the reason. The made pages are the
project's own and always there; the real ones stand beside the project.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.quality import LABELS, Verdict, figures, load, measure, table

HERE = Path(__file__).parent
FLOORS = HERE / "floors.json"
DISPUTES = HERE / "disputes.json"
SETS = {"made": HERE / "pages", "shared": HERE.parents[1] / "shared" / "pages"}
MOST_DISPUTED = 0.03
"""The share of a set's pages whose gold may be disputed."""
PROMISED = {
    "kind": 0.98,
    "title": 0.98,
    "date": 0.99,
    "time": 0.97,
    "source": 0.95,
    "authors": 0.90,
    "empty": 1.0,
    "body_f1": 0.985,
    "body_poor": 0,
    "links_f1": 0.97,
    "links_poor": 0,
    "date_invented": 0,
    "source_invented": 0,
}
"""What is promised of every set; no floor may stand lower."""
AT_MOST = ("_poor", "_invented")


def read_json(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return found


def holds(figure: str, value: float, floor: float) -> bool:
    return value <= floor if figure.endswith(AT_MOST) else value >= floor - 0.00005


def undisputed(verdict: Verdict, disputed: Mapping[str, Mapping[str, str]]) -> Verdict:
    """A verdict without what is disputed of its page."""
    named = disputed.get(verdict.name, {})
    spared = {name: True if name == "kind" else None for name in named if name in (*LABELS, "body", "links")}
    return replace(verdict, **spared)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", SETS)
def test_no_set_is_read_worse_than_its_floors(name: str) -> None:
    if not SETS[name].is_dir():
        pytest.skip(f"the {name} pages are not beside the project")
    disputed = read_json(DISPUTES).get(name, {})
    verdicts = [undisputed(verdict, disputed) for verdict in measure(load(SETS[name]))]
    assert set(disputed) <= {verdict.name for verdict in verdicts}
    assert len(disputed) <= MOST_DISPUTED * len(verdicts)
    scored = figures(verdicts)
    fallen = {
        figure: (scored.get(figure), floor)
        for figure, floor in read_json(FLOORS)[name].items()
        if figure not in scored or not holds(figure, scored[figure], floor)
    }
    assert not fallen, "\n".join(table(name, verdicts))


@pytest.mark.parametrize("name", SETS)
def test_floors_stand_no_lower_than_what_is_promised(name: str) -> None:
    floors = read_json(FLOORS)[name]
    assert set(PROMISED) <= set(floors)
    for figure, promised in PROMISED.items():
        assert holds(figure, floors[figure], promised), figure


def test_floors_are_only_ever_raised() -> None:
    """Against every committed state of the file; a clone without history has only its own."""
    ran = subprocess.run(
        ["git", "log", "--format=%H", "--", FLOORS.name], cwd=HERE, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        pytest.skip("no git history to hold the floors against")
    now = read_json(FLOORS)
    for commit in ran.stdout.split():
        shown = subprocess.run(
            ["git", "show", f"{commit}:./{FLOORS.name}"], cwd=HERE, capture_output=True, text=True, check=False
        )
        if shown.returncode:
            continue
        for name, floors in json.loads(shown.stdout).items():
            for figure, floor in floors.items():
                assert holds(figure, now[name][figure], floor), f"{name}: {figure} was {floor} in {commit[:9]}"
