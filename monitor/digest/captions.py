"""What stands beside a passage, a page and the day's words, put into words. Pure."""

from __future__ import annotations

from monitor.digest.day import Digest
from monitor.digest.item import EDITS, Item
from monitor.digest.keywords import KNOWN_DAYS
from monitor.digest.passages import Passage
from monitor.digest.wording import moment_name, say
from monitor.tell import Lang, field_name
from storage.records import ChangeKind


def tag_of(passage: Passage, lang: Lang) -> str:
    """What a passage is, beside its text; nothing of an edit within the body."""
    if passage.shape == "moved" and passage.places:
        return say(lang, "moved_from", *passage.places)
    if passage.shape == "exchanged":
        return say(lang, "exchanged", field_name(passage.field, lang))
    named = {"added": "added", "removed": "removed_paragraph", "moved": "moved_paragraph"}.get(passage.shape)
    if named:
        return say(lang, named)
    return "" if passage.field == "body" else field_name(passage.field, lang)


def well_again(item: Item, digest: Digest, lang: Lang) -> str:
    """When a hijacked or withdrawn page was well again within the digest's days; else nothing."""
    if item.restored_at is None:
        return ""
    moment = moment_name(item.restored_at, digest.day, lang, dated=digest.last is not None)
    return say(lang, "well_since" if digest.last else "well_again", moment)


def kept_name(kind: ChangeKind, lang: Lang) -> str:
    """What the archive's page of a change is called where it is linked, by what a reader looks for there."""
    if kind in (ChangeKind.REMOVED, ChangeKind.TAMPERED):
        return say(lang, "archive")
    return say(lang, "compared" if kind in EDITS else "told_at")


def talk_hint(digest: Digest, lang: Lang) -> str:
    """What the words of a day's talk are, or why there are none to tell; nothing on a day without new articles."""
    if digest.keywords:
        days = digest.keywords[0].days
        if digest.keywords[0].held:
            return say(lang, "keywords_hint", days)
        return say(lang, "keywords_first", days + 1, KNOWN_DAYS)
    narrowed = digest.chosen is not None and any(kind is ChangeKind.NEW and number for kind, number in digest.counts)
    return say(lang, "keywords_chosen") if narrowed else ""
