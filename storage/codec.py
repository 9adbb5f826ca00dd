"""Records as JSON text and back: the only place that knows how a record is spelled in a database cell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from storage.records import (
    Article,
    Attachment,
    Edit,
    Facts,
    Link,
    Mark,
    PageKind,
    Surface,
)


def dump(value: object) -> str:
    """Compact JSON with Chinese left readable and keys in order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def load(text: str | None) -> dict[str, Any]:
    """The mapping that ``dump`` wrote; an empty one for an empty cell."""
    return dict(json.loads(text)) if text else {}


def article_to_json(article: Article, *, whole: bool = True, paragraphs: bool = True) -> str:
    """All of an article but its canonical text; where it is not ``whole``, also without its title and template.

    Printed ``paragraphs`` are left out where they are the canonical ones, or where that is asked for.
    """
    surface = article.surface
    return dump(
        ({"title": article.title, "template": article.template} if whole else {})
        | {
            "kind": article.kind.value,
            "published_at": article.published_at,
            "source": article.source,
            "authors": article.authors,
            "editors": article.editors,
            "abstract": article.abstract,
            "document_number": article.document_number,
            "index_number": article.index_number,
            "column": article.column,
            "site_name": article.site_name,
            "paragraphs": None if not paragraphs or article.paragraphs == article.canonical else article.paragraphs,
            "attachments": [[a.url, a.name] for a in article.attachments],
            "next_page": article.next_page,
            "links": [[link.url, link.title, link.date] for link in article.links],
            "encoding": article.encoding,
            "platform": article.platform,
            "flags": article.flags,
            "provenance": dict(article.provenance),
            "printed": dict(article.printed),
            "extractor": article.extractor,
            "surface": {
                "title": surface.title,
                "keywords": surface.keywords,
                "description": surface.description,
                "hidden": [[link.url, link.title] for link in surface.hidden],
                "outside": surface.outside,
                "redirects": surface.redirects,
                "marks": [[mark.kind, mark.seen] for mark in surface.marks],
            },
        }
    )


def article_from_json(
    text: str, canonical: str, printed: str | None = None, title: str | None = None, template: str = ""
) -> Article:
    """The article that ``article_to_json`` wrote, with its canonical text (one paragraph a line).

    Printed paragraphs, title and template are taken from beside it where it does not hold them.
    """
    cell = load(text)
    paragraphs = tuple(canonical.split("\n")) if canonical else ()
    apart = paragraphs if printed is None else tuple(printed.split("\n"))
    surface = cell["surface"]
    return Article(
        kind=PageKind(cell["kind"]),
        title=cell.get("title", title),
        published_at=cell["published_at"],
        source=cell["source"],
        authors=tuple(cell["authors"]),
        editors=tuple(cell["editors"]),
        abstract=cell["abstract"],
        document_number=cell.get("document_number"),
        index_number=cell.get("index_number"),
        column=cell["column"],
        site_name=cell["site_name"],
        paragraphs=apart if cell["paragraphs"] is None else tuple(cell["paragraphs"]),
        canonical=paragraphs,
        attachments=tuple(Attachment(url, name) for url, name in cell["attachments"]),
        next_page=cell["next_page"],
        links=tuple(Link(url, title, day) for url, title, day in cell["links"]),
        encoding=cell["encoding"],
        platform=cell["platform"],
        flags=tuple(cell["flags"]),
        provenance=cell["provenance"],
        printed=cell["printed"],
        extractor=cell["extractor"],
        template=cell.get("template", template),
        surface=Surface(
            title=surface["title"],
            keywords=surface["keywords"],
            description=surface["description"],
            hidden=tuple(Link(url, title) for url, title in surface["hidden"]),
            outside=tuple(surface["outside"]),
            redirects=tuple(surface["redirects"]),
            marks=tuple(Mark(kind, seen) for kind, seen in surface.get("marks", ())),
        ),
    )


def edits_to_list(edits: tuple[Edit, ...]) -> list[list[object]]:
    """Edits as rows of (op, before, after, paragraph, field, offset)."""
    return [[e.op, e.before, e.after, e.paragraph, e.field, e.offset] for e in edits]


def edits_from_list(rows: list[list[Any]]) -> tuple[Edit, ...]:
    """The edits that ``edits_to_list`` wrote."""
    return tuple(Edit(*row) for row in rows)


def facts_to_dict(facts: Facts) -> dict[str, list[list[str]]]:
    """Facts as lists of pairs, in the contract's order."""
    return {
        "numbers": [list(pair) for pair in facts.numbers],
        "dates": [list(pair) for pair in facts.dates],
        "people": [list(pair) for pair in facts.people],
        "documents": [list(pair) for pair in facts.documents],
        "negations": [list(pair) for pair in facts.negations],
        "organisations": [list(pair) for pair in facts.organisations],
        "places": [list(pair) for pair in facts.places],
    }


def facts_from_dict(cell: Mapping[str, list[list[str]]]) -> Facts:
    """The facts that ``facts_to_dict`` wrote."""
    return Facts(**{name: tuple((before, after) for before, after in pairs) for name, pairs in cell.items()})
