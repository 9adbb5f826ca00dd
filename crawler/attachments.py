"""Attachments kept by hash: which files a visit asks for, and what their answers mean. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from crawler.addresses import LONGEST
from crawler.sites import Site
from storage.attachments import KeptFile
from storage.records import PageKind, Role, Version, Visit

_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|script)\b", re.IGNORECASE)
_OFFICE = b"schemas-microsoft-com:office"
"""Stands at the head of a table or letter that an office program saved as HTML, under the name of a file."""
_HEAD = 2000

ONCE_IN = timedelta(days=1)
MOST_FILES = 20
"""Files that one visit asks for; the others' turn comes with the next ones."""
NOT_MODIFIED = 304


def files_to_ask(site: Site, visit: Visit, kept: Sequence[KeptFile], *, every: bool) -> tuple[KeptFile, ...]:
    """The files to ask for at an article's visit, those first that were asked for longest ago or never.

    ``kept`` are those of the page's newest version; with ``every`` also those asked for less than a day ago. A page
    that did not change (304) may offer a file that did.
    """
    if site.attachments != "keep" or visit.role is not Role.ARTICLE:
        return ()
    offered: Sequence[KeptFile] = ()
    if visit.status == NOT_MODIFIED:
        offered = kept
    elif visit.status == 200 and visit.article is not None and visit.article.kind is PageKind.ARTICLE:
        known = {file.url: file for file in kept}
        offered = [known.get(each.url) or KeptFile(each.url) for each in visit.article.attachments]
    wanted = [file for file in offered if _may_be_asked(site, file.url) and (every or _is_due(file, visit))]
    ranked = sorted(wanted, key=lambda file: (file.checked_at is not None, file.checked_at or visit.at))
    return tuple(ranked[:MOST_FILES])


def _may_be_asked(site: Site, url: str) -> bool:
    try:
        return len(url.encode()) <= LONGEST and "\0" not in url and site.owns(url)
    except ValueError:
        return False


def _is_due(file: KeptFile, visit: Visit) -> bool:
    return file.checked_at is None or visit.at - file.checked_at >= ONCE_IN


def files_after(visit: Visit, latest: Version | None) -> tuple[KeptFile, ...]:
    """What is known of an article's files after a visit; those never asked for are left out.

    A file that did not come keeps its last hash: that it could not be had says nothing of what it says.
    """
    before = {file.url: file for file in latest.files} if latest else {}
    article = visit.article or (latest.article if latest else None)
    seen = {file.url: file for file in visit.files}
    after: dict[str, KeptFile] = {}
    for attachment in article.attachments if article else ():
        url = attachment.url
        known, fresh = before.get(url, KeptFile(url)), seen.get(url)
        if fresh is not None and fresh.hash:
            known = KeptFile(url, fresh.hash, fresh.etag, fresh.last_modified, fresh.at)
        elif fresh is not None:
            known = replace(known, checked_at=fresh.at)
        if known.checked_at is not None:
            after[url] = known
    return tuple(after.values())


def is_replaced(files: Sequence[KeptFile], latest: Version | None) -> bool:
    """Whether a file says something else under its old address. That one was kept for the first time is no change."""
    before = {file.url: file.hash for file in latest.files} if latest else {}
    return any(file.hash and (was := before.get(file.url)) and was != file.hash for file in files)


def is_page(body: bytes) -> bool:
    """Whether bytes that came for a file are a web page, and no office program's document that is written as one."""
    head = body[:_HEAD]
    return _PAGE.match(head) is not None and _OFFICE not in head


def failures(visit: Visit) -> dict[str, str]:
    """Why files did not come, by address."""
    return {file.url: file.error for file in visit.files if file.error}
