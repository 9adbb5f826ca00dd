"""What the made city did, held against what was told of it: the ground truth of the demonstration and of the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from storage.demo import CityServer, Happening
from storage.records import Change, ChangeKind

Key = tuple[str, str, ChangeKind]


@dataclass(frozen=True, slots=True)
class Score:
    """A round's truth against what was told: told right, missing, told though nothing happened, and told otherwise."""

    right: int
    missing: tuple[Happening, ...] = ()
    surplus: tuple[Change, ...] = ()
    wrong: tuple[tuple[Happening, Change, str], ...] = ()

    @property
    def perfect(self) -> bool:
        """Every happening told once, as what it was, and nothing else told."""
        return not (self.missing or self.surplus or self.wrong)


def score(server: CityServer, happenings: Iterable[Happening], told: Iterable[Change]) -> Score:
    """Match happenings with changes by site, address and kind; each change answers one happening."""
    waiting: dict[Key, list[Change]] = {}
    for change in told:
        waiting.setdefault((change.site, change.url, change.kind), []).append(change)
    right, missing, wrong = 0, [], []
    for happening in happenings:
        answers = waiting.get((happening.site, server.url(happening.site, happening.path), happening.kind), [])
        if not answers:
            missing.append(happening)
            continue
        change = answers.pop(0)
        fault = _fault(server.url, happening, change)
        if fault:
            wrong.append((happening, change, fault))
        else:
            right += 1
    surplus = tuple(change for left in waiting.values() for change in left)
    return Score(right, tuple(missing), surplus, tuple(wrong))


def _fault(url: Callable[[str, str], str], happening: Happening, change: Change) -> str | None:
    """What a change gets wrong of what happened, in a few words."""
    original = url(*happening.reprint_of) if happening.reprint_of else None
    facts = happening.facts
    checks = {
        "how": (happening.how, change.how) if happening.how else None,
        "reprint_of": (original, change.reprint_of) if happening.kind is ChangeKind.NEW else None,
        "numbers": (facts.numbers, change.facts.numbers) if facts.numbers else None,
        "dates": (facts.dates, change.facts.dates) if facts.dates else None,
        "people": (facts.people, change.facts.people) if facts.people else None,
        "documents": (facts.documents, change.facts.documents) if facts.documents else None,
        "paragraphs_added": (happening.paragraphs_added, change.paragraphs_added),
        "paragraphs_removed": (happening.paragraphs_removed, change.paragraphs_removed),
        "to": (url(happening.site, happening.to_path), change.evidence.get("to")) if happening.to_path else None,
    }
    wrong = [f"{name}: {pair[0]!r}, told {pair[1]!r}" for name, pair in checks.items() if pair and pair[0] != pair[1]]
    return "; ".join(wrong) or None
