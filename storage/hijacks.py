"""Which of a page's versions hijackers wrote, by what the change log told of it. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable

from storage.changes import Change, ChangeKind


def is_over(since: int, clean: int) -> bool:
    """Whether a hijack that began with one version ended with the page being told as restored to another."""
    return clean > since


def hijack_of(number: int, told: Iterable[Change]) -> Change | None:
    """The hijack that a version of a page belongs to, ``None`` for an honest one.

    ``told`` are changes of that page in any order. A hijack lasts until the page is told as restored to a later
    version; it does not end by being withdrawn and put back as it was. One of no known version began with the page.
    """
    known = list(told)
    restored = [one.to_version or 0 for one in known if one.kind is ChangeKind.RESTORED]
    begun = [(one.to_version or 0, one) for one in known if one.kind is ChangeKind.TAMPERED]
    for since, change in sorted(begun, key=lambda pair: pair[0], reverse=True):
        if since <= number and not any(clean <= number and is_over(since, clean) for clean in restored):
            return change
    return None
