"""What hijackers put into a version of a page, as evidence that a reader can follow: most of it shows nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storage.browsing import Browsing, Wanted
from storage.hijacks import hijack_of
from storage.records import ChangeKind, Surface, Version

_LOOKED_AT = 200
"""Latest hijacks and mends of a page that are looked at."""

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Hijack:
    """A version that was told as tampered with. ``change`` is the id of that change, ``None`` where the page alone
    says so; ``evidence`` has the keys of ``monitor.compare.tampering``."""

    number: int
    evidence: Mapping[str, object]
    change: int | None = None


def hijack(browsing: Browsing, version: Version) -> Hijack | None:
    """What is known of a version that hijackers wrote, also after the page was restored; ``None`` for an honest one."""
    kinds = (ChangeKind.TAMPERED, ChangeKind.RESTORED)
    log = browsing.changes(Wanted(page_id=version.page_id, kinds=kinds), limit=_LOOKED_AT)
    change = hijack_of(version.number, [entry.change for entry in log])
    said = seen(version.article.surface)
    if change is None:
        return Hijack(version.number, said) if "tampered" in version.article.flags else None
    # What was told is about the version that it was first seen in; of a later one its own page tells more.
    first = version.number == change.to_version
    return Hijack(version.number, {**said, **change.evidence} if first else {**change.evidence, **said}, change.id)


def seen(surface: Surface) -> dict[str, object]:
    """What a page shows to search engines and hides from readers, under the keys of evidence. Pure."""
    told: dict[str, object] = {
        "title": surface.title,
        "hidden_links": [{"url": link.url, "title": link.title} for link in surface.hidden[:_SHOWN]],
        "hidden_count": len(surface.hidden),
        "redirects": list(surface.redirects[:_SHOWN]),
    }
    for mark in surface.marks[:_SHOWN]:
        told[mark.kind] = [*marks, mark.seen] if isinstance(marks := told.get(mark.kind, []), list) else marks
    return {key: value for key, value in told.items() if value}
