"""What a reader would call news between two states of one page.

    hijacked                                   tampered, and nothing else
    the text differs                           edited, with what else differs
    the title differs, the text does not       retitled
    the printed date differs, neither of both  redated
    source, authors, attachments … differ      edited

Nothing is told of white space, widths, quotes, counters and furniture; of paragraphs cut otherwise with the same text;
of a label that one of both states does not print at all, since that is the template's or the extractor's doing, not
the author's (but a file that is offered or withdrawn is told); of a date that became more precise; of a title that
gained or lost the site's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import unquote, urlsplit

from monitor.compare.align import Body, fold, reading, same_words
from monitor.compare.edits import Said, body_edits, label_edit, text_edits
from monitor.compare.facts import facts_of
from monitor.compare.tampering import note_of, tampering
from monitor.compare.weight import weight_of
from storage.records import Article, Attachment, ChangeKind, Edit, Facts, PageKind

_SUFFIX = re.compile(r"[-_|·—–~:<>/]+")
_CUT = re.compile(r"(?:…|\.{2,})$")
_NAMED = frozenset(("authors", "editors"))
_FILE_LABEL = re.compile(r"^[(\[]?(?:附件|附表|附)\s*[一二三四五六七八九十\d]*[)\]]?\s*[:.、]?\s*")
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|csv|txt|jpe?g|png|mp[34])$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Difference:
    """The news between two states: a change before it has a place and a time. Fields as in ``Change``."""

    kind: ChangeKind
    edits: tuple[Edit, ...] = ()
    facts: Facts = field(default_factory=Facts)
    weight: float = 0.0
    paragraphs_added: int = 0
    paragraphs_removed: int = 0
    evidence: Mapping[str, object] = field(default_factory=dict)
    note: str | None = None


def difference(old: Article, new: Article, hosts: Collection[str] = frozenset()) -> Difference | None:
    """What happened to a page between two states read by the same extractor, or ``None`` for nothing worth telling.

    ``hosts`` are the hosts known on the site (``tampering``). Text is compared where both states are articles: an error
    page or a list says nothing about the text before it.
    """
    evidence = tampering(old, new, hosts)
    if evidence:
        kind = ChangeKind.TAMPERED
        return Difference(kind, weight=weight_of(kind), evidence=evidence, note=note_of(evidence))
    return honest_difference(old, new)


def honest_difference(old: Article, new: Article) -> Difference | None:
    """``difference`` for a page that is known not to be hijacked."""
    if old.kind is not PageKind.ARTICLE or new.kind is not PageKind.ARTICLE:
        return None
    title = _title_edits(old, new)
    body = _body_edits(old, new, retitled=bool(title.edits))
    dated = _date_edits(old, new)
    numbered = _number_edits(old, new)
    labels = Said(
        edits=(*title.edits, *dated, *numbered.edits, *_not_in(body, _other_labels(old, new))),
        touched=(*title.touched, *numbered.touched),
    )
    if not body.edits and not labels.edits:
        return None
    edits = (*labels.edits, *body.edits)
    kind = _kind(body, bool(title.edits), bool(dated))
    facts = facts_of((*labels.touched, *body.touched))
    return Difference(
        kind=kind,
        edits=edits,
        facts=facts,
        weight=weight_of(kind, edits, facts),
        paragraphs_added=body.paragraphs_added,
        paragraphs_removed=body.paragraphs_removed,
        note=_note(dated, edits),
    )


def _kind(body: Said, retitled: bool, redated: bool) -> ChangeKind:
    if body.edits:
        return ChangeKind.EDITED
    if retitled:
        return ChangeKind.RETITLED
    return ChangeKind.REDATED if redated else ChangeKind.EDITED


def _note(dated: Iterable[Edit], edits: Iterable[Edit]) -> str | None:
    for edit in dated:
        days = (_day(edit.after) - _day(edit.before)).days
        if days < 0:
            return f"发布日期改早{-days}天（倒填）：{edit.before[:10]} → {edit.after[:10]}"
    return "只调整了段落次序" if all(edit.op == "move" and edit.before == edit.after for edit in edits) else None


def _body_edits(old: Article, new: Article, *, retitled: bool) -> Said:
    """The body's edits; where the headline stands in the body too, its change there is the title's, not the text's."""
    before, after = _without_files(old), _without_files(new)
    if retitled and old.title and new.title:
        before = ["" if same_words(reading(text), reading(old.title)) else text for text in before]
        after = ["" if same_words(reading(text), reading(new.title)) else text for text in after]
    shared = frozenset(before).intersection(after)
    return body_edits(Body.of(before, shared=shared), Body.of(after, shared=shared))


def _without_files(article: Article) -> list[str]:
    """The text, lines emptied that only name a file which the article offers: it is told as such (附件:名单.doc)."""
    names = {fold(reading(file.name)) for file in article.attachments}
    if not names:
        return list(article.canonical)
    return ["" if _FILE_LABEL.sub("", fold(reading(text))) in names else text for text in article.canonical]


def _title_edits(old: Article, new: Article) -> Said:
    if not old.title or not new.title:
        return Said()
    before, after = reading(old.title), reading(new.title)
    names = [reading(name) for article in (old, new) for name in (article.site_name, article.column) if name]
    if _same_title(before, after, names):
        return Said()
    return Said(edits=(label_edit("title", old.title, new.title),), touched=text_edits(before, after, "title").touched)


def _same_title(before: str, after: str, names: list[str]) -> bool:
    """Whether two titles are one: alike, cut short with an ellipsis, or one with the site's or column's name added."""
    if same_words(before, after):
        return True
    if _is_cut_from(before, after) or _is_cut_from(after, before):
        return True
    shorter, longer = sorted((before, after), key=len)
    if not fold(longer).startswith(fold(shorter)):
        return False
    added = longer[len(shorter) :]
    return bool(_SUFFIX.match(added)) and all(part in names for part in _SUFFIX.split(added) if part)


def _is_cut_from(cut: str, whole: str) -> bool:
    return _CUT.search(cut) is not None and fold(whole).startswith(fold(_CUT.sub("", cut)))


def _date_edits(old: Article, new: Article) -> tuple[Edit, ...]:
    """The printed date's change; silent while one is only more precise than the other."""
    before, after = old.published_at, new.published_at
    if not before or not after:
        return ()
    was, now = _moment(before), _moment(after)
    length = min(len(was), len(now))
    if was[:length] == now[:length]:
        return ()
    return (label_edit("published_at", before, after),)


def _number_edits(old: Article, new: Article) -> Said:
    """An official document's number (文号) that is another; its index number is a label like the others."""
    before, after = old.document_number, new.document_number
    if not before or not after or same_words(reading(before), reading(after)):
        return Said()
    touched = text_edits(reading(before), reading(after), "document_number").touched
    return Said(edits=(label_edit("document_number", before, after),), touched=touched)


def _moment(printed: str) -> str:
    """A printed date without its zone, which is China's on every page, and without noughts that say nothing.

    ``2021-12-07T10:30:00`` is what 10:30 reads as, and a system that keeps only days prints 00:00:00 beside them.
    """
    day, _, clock = printed.partition("T")
    said = re.sub(r"^(\d\d:\d\d):00$", r"\1", re.split("[+Z-]", clock)[0])
    return f"{day}T{said}" if said and said != "00:00" else day


def _day(printed: str) -> date:
    return date.fromisoformat(printed[:10])


def _other_labels(old: Article, new: Article) -> list[Edit]:
    edits = [
        *_value_edit("source", old.source, new.source),
        *_value_edit("index_number", old.index_number, new.index_number),
        *_names_edit("authors", old.authors, new.authors),
        *_names_edit("editors", old.editors, new.editors),
    ]
    if not _is_excerpt(old) or not _is_excerpt(new):
        edits += text_edits(old.abstract, new.abstract, "abstract").edits if old.abstract and new.abstract else ()
    return edits + _attachment_edits(old.attachments, new.attachments)


def _not_in(body: Said, labels: Iterable[Edit]) -> list[Edit]:
    """Labels' edits without those of names that the text's own edits tell: a byline at its end is both."""
    words = [edit.before + edit.after for edit in body.edits]
    return [edit for edit in labels if edit.field not in _NAMED or not _told_in(edit, words)]


def _told_in(edit: Edit, words: Iterable[str]) -> bool:
    changed = set(edit.before.split("、")) ^ set(edit.after.split("、"))
    said = "\n".join(words)
    return all(name in said for name in changed)


def _value_edit(name: str, before: str | None, after: str | None) -> list[Edit]:
    if not before or not after or same_words(reading(before), reading(after)):
        return []
    return [label_edit(name, before, after)]


def _names_edit(name: str, before: tuple[str, ...], after: tuple[str, ...]) -> list[Edit]:
    """Who is named; their order is no news."""
    if not before or not after or {reading(person) for person in before} == {reading(person) for person in after}:
        return []
    return [label_edit(name, "、".join(before), "、".join(after))]


def _is_excerpt(article: Article) -> bool:
    """Whether the abstract is cut from the text, as content systems do by themselves: it then changes with the text."""
    start = fold(_CUT.sub("", reading(article.abstract or "")))
    return bool(start) and start in fold("".join(map(reading, article.canonical)))


def _attachment_edits(before: tuple[Attachment, ...], after: tuple[Attachment, ...]) -> list[Edit]:
    """Files offered, withdrawn, renamed, or exchanged behind the same name (another file name in the address).

    Two files may have one name (点击下载): each is set beside its like, by name and file first, then by either.
    """
    gone, come = list(before), list(after)
    _paired(gone, come, lambda file: (fold(reading(file.name)), _file_name(file)))
    renamed = _paired(gone, come, _file_name)
    exchanged = _paired(gone, come, lambda file: fold(reading(file.name)))
    edits = [label_edit("attachments", was.name, now.name) for was, now in renamed]
    edits += [edit for was, now in exchanged if (edit := _exchange_edit(was, now))]
    edits += [label_edit("attachments", file.name or file.url, "") for file in gone]
    edits += [label_edit("attachments", "", file.name or file.url) for file in come]
    edits += _replacement_edits(before, after)
    return sorted(edits, key=lambda edit: (edit.before, edit.after))


def _paired(
    gone: list[Attachment], come: list[Attachment], key: Callable[[Attachment], object]
) -> list[tuple[Attachment, Attachment]]:
    """Files of both sides that are alike by ``key``, taken out of both lists; an empty key is like none."""
    pairs = []
    for was in tuple(gone):
        now = next((file for file in come if key(was) and key(file) == key(was)), None)
        if now is not None:
            gone.remove(was)
            come.remove(now)
            pairs.append((was, now))
    return pairs


def _exchange_edit(was: Attachment, now: Attachment) -> Edit | None:
    """One file in place of another under one name: another file name in the address, unless its bytes are the same."""
    left, right = _file_name(was), _file_name(now)
    if not left or not right or left == right or (was.hash is not None and was.hash == now.hash):
        return None
    return label_edit("attachments", f"{was.name}({left})", f"{now.name}({right})")


def _replacement_edits(before: tuple[Attachment, ...], after: tuple[Attachment, ...]) -> list[Edit]:
    """Files with other bytes under their old address. Bytes kept for the first time, or no more, are no news."""
    was = {file.url: file for file in before if file.hash}
    pairs = [(was[file.url], file) for file in after if file.hash and file.url in was]
    return [
        label_edit("attachments", f"{old.name} ({old.hash[:8]})", f"{new.name} ({new.hash[:8]})")
        for old, new in pairs
        if old.hash and new.hash and old.hash != new.hash
    ]


def _file_name(file: Attachment) -> str:
    """The file's own name in its address; empty where a script hands it out under changing parameters."""
    name = unquote(urlsplit(file.url).path.rsplit("/", 1)[-1])
    return name if _FILE.search(name) else ""
