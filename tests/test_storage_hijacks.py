"""Which versions hijackers wrote, by the change log."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage.changes import Change, ChangeKind
from storage.hijacks import hijack_of

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def change(kind: ChangeKind, before: int | None, after: int | None) -> Change:
    return Change("a", "http://a.example/1", kind, NOON, from_version=before, to_version=after)


TAMPERED, CLEAN = change(ChangeKind.TAMPERED, 1, 2), change(ChangeKind.RESTORED, 3, 4)


@pytest.mark.parametrize(
    ("log", "written"),
    [
        pytest.param((), set(), id="never"),
        pytest.param((TAMPERED,), {2, 3, 4, 5, 6}, id="still"),
        pytest.param((CLEAN, TAMPERED), {2, 3}, id="restored"),
        pytest.param((TAMPERED, CLEAN, change(ChangeKind.TAMPERED, 5, 6)), {2, 3, 6}, id="twice"),
        pytest.param(
            (TAMPERED, change(ChangeKind.REMOVED, 2, None), change(ChangeKind.RESTORED, 2, 2)),
            {2, 3, 4, 5, 6},
            id="put back as it was",
        ),
        pytest.param((change(ChangeKind.RESTORED, 1, 1), TAMPERED), {2, 3, 4, 5, 6}, id="restored before"),
        pytest.param((change(ChangeKind.EDITED, 1, 2),), set(), id="edited"),
    ],
)
def test_a_hijack_lasts_until_the_page_is_clean_again(log: tuple[Change, ...], written: set[int]) -> None:
    assert {number for number in range(1, 7) if hijack_of(number, log)} == written
