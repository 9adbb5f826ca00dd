"""A page that was read, as the contract's JSON for programs."""

from __future__ import annotations

from storage.records import Article, Attachment, Link


def article_json(article: Article, file: str, url: str | None) -> dict[str, object]:
    """A page as ``extract --json`` prints it, keys in the contract's order.

    ``file`` is the argument as it was given, ``url`` the page's address if known. ``printed`` stands only where a label
    is printed otherwise than its canonical form.
    """
    told: dict[str, object] = {
        "file": file,
        "url": url,
        "kind": article.kind.value,
        "title": article.title,
        "published_at": article.published_at,
        "source": article.source,
        "authors": list(article.authors),
        "editors": list(article.editors),
        "abstract": article.abstract,
        "document_number": article.document_number,
        "index_number": article.index_number,
        "column": article.column,
        "site_name": article.site_name,
        "paragraphs": list(article.paragraphs),
        "canonical": list(article.canonical),
        "attachments": [_attachment_json(attachment) for attachment in article.attachments],
        "next_page": article.next_page,
        "links": [_link_json(link) for link in article.links],
        "encoding": article.encoding,
        "platform": article.platform,
        "flags": list(article.flags),
        "provenance": dict(article.provenance),
        "extractor": article.extractor,
    }
    if article.printed:
        told["printed"] = dict(article.printed)
    return told


def _attachment_json(attachment: Attachment) -> dict[str, object]:
    told: dict[str, object] = {"url": attachment.url, "name": attachment.name}
    return told | {"hash": attachment.hash} if attachment.hash else told


def _link_json(link: Link) -> dict[str, object]:
    return {"url": link.url, "title": link.title, "date": link.date}
