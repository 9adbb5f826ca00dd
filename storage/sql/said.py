"""What versions say, as it is kept: their text and the rest of their articles, in one packed cell each.

A further version says nearly what its page's first one said and is packed against that one's cell; a first one is
packed against what all cells have in common. Title and template stand in columns of their own and not in the cell.
Of paragraphs as they are printed and their canonical text, which nearly always is NFKC of them, only the former stands
there then. A cell is spelled in GB18030, two bytes a letter, and in UTF-8 where that would not last; one in UTF-8 keeps
zstd's magic, as the first cells did, which all were. Versions of older archives have no cell; theirs is in the columns
``text`` and ``article``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from unicodedata import category, normalize

from sqlalchemy import ColumnElement, Connection, Row, select

from storage.bodies import has_magic, spread, squeeze, squeeze_with_magic
from storage.codec import article_from_json, article_to_json
from storage.errors import BodyUnreadable
from storage.letters import GB, UTF8, as_page_spells, is_steady
from storage.records import Article
from storage.sql.tables import versions

# Never to be changed by a character: every cell that is kept is packed against it.
COMMON = (
    "本报讯（记者 通讯员 ）近日，据悉，据了解，据介绍，会议指出，要坚持以习近平新时代中国特色社会主义思想为指导，"
    "市委书记、市长、副市长、县委、区人民政府办公室、人民代表大会常务委员会主任、领导小组、有关部门负责人参加会议。"
    "关于印发《》的通知各县（市、区）人民政府，市政府各部门、各直属单位：现将印发给你们，请认真贯彻执行。公告公示"
    '{"abstract":null,"attachments":[],"authors":[],"column":"通知公告","document_number":null,"editors":[],'
    '"encoding":"gb18030","extractor":"4","flags":["traditional"],"index_number":null,"kind":"list","links":[[],'
    '"next_page":null,"paragraphs":null,"platform":"trs","printed":{"title":},"provenance":{"abstract":"label","authors":'
    '"pattern","column":"label","editors":"pattern","published_at":"label","source":"label","title":"label"},'
    '"published_at":"2026-01-01T08:00:00+08:00","site_name":"人民政府","source":"日报","surface":{"description":"",'
    '"hidden":[],"keywords":"新闻,要闻","marks":[],"outside":["www.gov.cn","www."],"redirects":[],"title":"-人民政府网"}}\n'
    '{"abstract":null,"attachments":[],"authors":[],"column":null,"document_number":null,"editors":[],'
    '"encoding":"utf-8","extractor":"7","flags":[],"index_number":null,"kind":"article","links":[],"next_page":null,'
    '"paragraphs":null,"platform":null,"printed":{},"provenance":{"published_at":"label","source":"pattern","title":'
    '"label"},"published_at":"2026-11-20","site_name":null,"source":null,"surface":{"description":null,"hidden":[],'
    '"keywords":null,"marks":[],"outside":[],"redirects":[],"title":"'
)

CANONICAL, PRINTED = "\n", "\r"
"""What stands between the rest of an article and its text says which text that is; JSON in one line has neither."""
_END = re.compile("[\n\r]")

_first = versions.alias("first_version")

FIRST = _first
SAID: Sequence[ColumnElement[Any]] = (versions.c.text, versions.c.article, versions.c.packed)
"""What a row needs for ``text_of`` and ``article_of``, beside ``FIRST_SAID``."""
FIRST_SAID: ColumnElement[Any] = _first.c.packed.label("first_packed")
IS_FIRST: ColumnElement[bool] = _first.c.id == versions.c.base
"""How ``FIRST`` is joined, from outside: most versions are first ones."""


def said_values(article: Article, base: tuple[int, bytes] | None) -> dict[str, object]:
    """What a version says, as columns; ``base`` is the first version of its page and that one's cell, if any."""
    folds = _folds(article)
    rest = article_to_json(article, whole=False, paragraphs=not folds)
    plain = rest + (PRINTED if folds else CANONICAL) + "\n".join(article.paragraphs if folds else article.canonical)
    like = COMMON if base is None else COMMON + _first_plain(base[1])
    steady = is_steady(plain) and is_steady(like)
    packed = squeeze(plain.encode(GB), like.encode(GB)) if steady else squeeze_with_magic(plain.encode(), like.encode())
    return {"text": "", "article": "", "packed": packed, "base": None if base is None else base[0]}


def _folds(article: Article) -> bool:
    """Whether the canonical text is NFKC of what is printed, and will be: that of letters which are assigned stays."""
    printed = "\n".join(article.paragraphs)
    if article.paragraphs == article.canonical or tuple(printed.split("\n")) != article.paragraphs:
        return False
    assigned = all(category(letter) != "Cn" for letter in set(printed))
    return assigned and normalize("NFKC", printed) == "\n".join(article.canonical)


def base_of(connection: Connection, page_id: int) -> tuple[int, bytes] | None:
    """The version that further ones of a page are packed against, and its cell."""
    packed = (versions.c.page_id == page_id, versions.c.base.is_(None), versions.c.packed.is_not(None))
    wanted = select(versions.c.id, versions.c.packed).where(*packed).order_by(versions.c.number).limit(1)
    row = connection.execute(wanted).first()
    return None if row is None else (row.id, row.packed)


def first_body(connection: Connection, page_id: int) -> str | None:
    """The name of the first body that is kept of a page."""
    kept = select(versions.c.body_hash).where(versions.c.page_id == page_id, versions.c.body_hash.is_not(None))
    found: str | None = connection.execute(kept.order_by(versions.c.number).limit(1)).scalar()
    return found


def own_text(article: Article) -> bytes:
    """What a page prints of its article, about as it stands in the page's bytes: what those are packed against."""
    return as_page_spells("\n".join((article.title or "", *article.paragraphs)), article.encoding)


def read_own_text(connection: Connection, page_id: int, number: int) -> bytes | None:
    """The same of a version that is kept; ``None`` where there is none. Raises BodyUnreadable."""
    wanted: Any = select(versions.c.title, *SAID, FIRST_SAID).outerjoin(FIRST, IS_FIRST)
    row = connection.execute(wanted.where(versions.c.page_id == page_id, versions.c.number == number)).first()
    return None if row is None else own_text(article_from_json(*said_of(row), row.title))


def text_of(row: Row[Any]) -> str:
    """A version's canonical text, one paragraph a line."""
    return said_of(row)[1]


def said_of(row: Row[Any]) -> tuple[str, str, str | None]:
    """The rest of a version's article, as JSON, its canonical text, and what is printed where that stands apart.

    Raises BodyUnreadable where the cell is damaged.
    """
    if row.packed is None:
        return row.article, row.text, None
    plain = _plain(row.packed, row.first_packed)
    end = _END.search(plain)
    if end is None:
        raise BodyUnreadable("damaged: what a version says has no end")
    article, said = plain[: end.start()], plain[end.end() :]
    return (article, said, None) if end[0] == CANONICAL else (article, normalize("NFKC", said), said)


def _plain(packed: bytes, first: bytes | None) -> str:
    spelling = UTF8 if has_magic(packed) else GB
    like = COMMON if first is None else COMMON + _first_plain(first)
    try:
        return spread(packed, like.encode(spelling)).decode(spelling)
    except UnicodeError as error:
        raise BodyUnreadable("damaged: what a version says is no text") from error


@lru_cache(maxsize=64)
def _first_plain(packed: bytes) -> str:
    return _plain(packed, None)
