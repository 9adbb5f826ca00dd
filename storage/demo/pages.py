"""Draws the city's pages: puts what a site says into its system's template, with everything that moves around it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from html import escape
from string import Template

from storage.demo.bodies import rewrite_title, set_body
from storage.demo.catalogue import DATA_PROXY
from storage.demo.furniture import FRIENDS, WEEKDAYS, Entry, Moving
from storage.demo.pagers import Turn, pager
from storage.demo.skins import skin
from storage.demo.systems import system_of
from storage.demo.troubles import hijack
from storage.demo.truth import Block, CityColumn, CitySite, State, Wording


@dataclass(frozen=True, slots=True)
class Scene:
    """The visit a page is drawn for: site, address, template set, what moves, and the articles its lists may name."""

    site: CitySite
    path: str
    skin: str
    moving: Moving
    entries: tuple[Entry, ...]

    @property
    def pieces(self) -> Mapping[str, Template]:
        """The template pieces of this scene."""
        return skin(self.skin)

    def link(self, to: str) -> str:
        """The address of another page of the site as this page writes it."""
        if not system_of(self.site).relative:
            return to
        folder = posixpath.dirname(self.path.partition("?")[0])
        target, mark, query = to.partition("?")
        relative = posixpath.relpath(target, folder) + ("/" if target.endswith("/") else "")
        return escape(f"{relative}{mark}{query}")


@dataclass(frozen=True, slots=True)
class Leaf:
    """An article page: its state, the page of it that is asked for, and its neighbours in the column."""

    column: CityColumn
    number: int
    state: State
    blocks: Sequence[Block]
    parts: tuple[str, ...]
    part: int
    previous: Entry | None
    following: Entry | None
    related: Sequence[Entry]
    paper_page: int = 1


@dataclass(frozen=True, slots=True)
class Shelf:
    """A list page of a column: its entries and where it stands among the column's pages."""

    column: CityColumn
    entries: Sequence[Entry]
    addresses: tuple[str, ...]
    page: int
    total: int


def moment(day: date, clock: str | None) -> datetime:
    """A day and a clock time as printed, China time without saying so."""
    return datetime.combine(day, time.fromisoformat(clock) if clock else time())


def shown_title(site: CitySite, title: str) -> str:
    """A title as the site's lists show it: cut, where its system cuts."""
    cut = system_of(site).cut
    if not cut or len(title) <= cut:
        return title
    return title[:cut] + ("…" if site.system in ("jcms", "sudy", "nfcms") else "...")


def items(scene: Scene, piece: str, entries: Sequence[Entry], *, cut: bool = True) -> str:
    """Entries set one by one in a piece of the scene's templates."""
    template = scene.pieces[piece]
    form = system_of(scene.site).list_when
    return "\n".join(
        template.substitute(
            href=scene.link(entry.path),
            text=escape(shown_title(scene.site, entry.title) if cut else entry.title, quote=False),
            tip=escape(entry.title),
            date=form.format(moment(entry.day, entry.clock)),
            number=entry.number,
            hits=scene.moving.dice.randint(60, 4000),
        )
        for entry in entries
    )


def _nav(scene: Scene) -> str:
    suffix = system_of(scene.site).suffix
    targets = [("首页", "/"), *((column.name, column.path) for column in scene.site.columns)]
    targets += [("关于我们", f"/about.{suffix}"), ("联系我们", f"/contact.{suffix}")]
    piece = scene.pieces["nav"]
    return "\n".join(piece.substitute(href=scene.link(to), text=text) for text, to in targets)


def hot(scene: Scene) -> str:
    """The rank of much-read articles, another one at every visit."""
    return items(scene, "hot", scene.moving.some(scene.entries, 8))


def _crumb(scene: Scene, column: CityColumn | None) -> str:
    home = f'<a href="{scene.link("/")}">首页</a>'
    return f'{home} &gt; <a href="{scene.link(column.path)}">{column.name}</a>' if column else home


def frame(scene: Scene, main: str, title: str, column: CityColumn | None, **fields: str) -> str:
    """A whole page around its main part. ``fields`` replace what the frame is filled with otherwise."""
    site, pieces = scene.site, scene.pieces
    crumb = f"{_crumb(scene, column)} &gt; 正文" if column else _crumb(scene, None)
    common = {
        "charset": site.declared,
        "title_tag": title,
        "keywords": f"{site.name},栖川,{column.name if column else '首页'}",
        "description": f"{site.name}网站",
        "metas": "",
        "head": "",
        "tail": "",
        "site": site.name,
        "domain": site.domain,
        "column": column.name if column else "首页",
        "column_number": str(column.number if column else 0),
        "nav": _nav(scene),
        "crumb": crumb,
        "main": main,
        "hot": fields.get("hot") or hot(scene),
        "friends": "\n".join(pieces["friend"].substitute(href=href, text=text) for text, href in FRIENDS),
        "ticker": "　　".join(entry.title for entry in scene.moving.some(scene.entries, 3)),
        "clock": scene.moving.clock,
        "weather": scene.moving.weather,
        "visitors": str(scene.moving.visitors),
    }
    return pieces["frame"].substitute(common | fields)


def _neighbour(scene: Scene, entry: Entry | None) -> str:
    if entry is None:
        return "没有了"
    return f'<a href="{scene.link(entry.path)}">{escape(entry.title, quote=False)}</a>'


def _label(scene: Scene, name: str, value: str | None) -> str:
    piece = scene.pieces.get(name if value else f"no{name}")
    return piece.substitute(value=escape(value or "", quote=False)) if piece else ""


def file_path(scene_site: CitySite, leaf_path: str, number: int, name: str) -> str:
    """Where an attachment lies: beside the page for TRS, else in an upload folder."""
    suffix = name.rpartition(".")[2]
    folder = posixpath.dirname(leaf_path) if scene_site.system == "trs" else "/upload"
    return f"{folder}/P0{number:018d}.{suffix}"


def _files(scene: Scene, leaf: Leaf) -> str:
    piece = scene.pieces.get("file")
    if piece is None:
        return ""
    return "\n".join(
        piece.substitute(
            href=scene.link(file_path(scene.site, leaf.state.path, leaf.number, name)),
            text=name,
            hits=scene.moving.hits // 7,
        )
        for name in leaf.state.wording.files
    )


def _article_fields(scene: Scene, leaf: Leaf) -> dict[str, object]:
    wording, system = leaf.state.wording, system_of(scene.site)
    title = escape(rewrite_title(wording.title, leaf.state.markup), quote=False)
    printed = moment(wording.day, wording.clock)
    style = system.bodies[leaf.number % len(system.bodies)]
    neighbours = [entry.path if entry else scene.path for entry in (leaf.previous, leaf.following)]
    turn = Turn(leaf.part, [scene.link(path) for path in leaf.parts], len(leaf.parts), 1)
    return {
        "title": title,
        "when": system.when.format(printed),
        "when_plain": f"{printed:%Y-%m-%d %H:%M}",
        "iso": wording.day.isoformat(),
        "weekday": f"星期{WEEKDAYS[wording.day.weekday()]}",
        "source": _label(scene, "source", wording.source),
        "source_name": wording.source or "",
        "writers": _label(scene, "writers", " ".join(wording.writers) if wording.prints_writers else None),
        "writers_names": " ".join(wording.writers),
        "editor": _label(scene, "editor", wording.editor if leaf.part == len(leaf.parts) else None),
        "editor_name": wording.editor or "",
        "body": set_body(leaf.blocks, style, leaf.state.markup, scene.link(f"/upload/{leaf.number}.jpg")),
        "files": _files(scene, leaf),
        "hits": scene.moving.hits,
        "ups": scene.moving.hits // 19,
        "number": leaf.number,
        "page": leaf.paper_page + 1,
        "page2": f"{leaf.paper_page:02d}",
        "previous": _neighbour(scene, leaf.previous),
        "next": _neighbour(scene, leaf.following),
        "previous_href": scene.link(neighbours[0]),
        "next_href": scene.link(neighbours[1]),
        "related": items(scene, "related", leaf.related),
        "pager": pager(scene.site.system, turn),
        "path": leaf.state.path,
        "column": sheet_name(leaf.paper_page) if scene.site.system == "founder" else leaf.column.name,
        "site": scene.site.name,
        "domain": scene.site.domain,
        "crumb": _crumb(scene, leaf.column),
        "hot": hot(scene),
        "description": _description(scene.site, wording),
    }


def _description(site: CitySite, wording: Wording) -> str:
    if site.system in ("trs", "ucap", "asp"):
        return ""
    return escape(wording.paragraphs[0].replace("\n", "")[:80])


def draw_article(scene: Scene, leaf: Leaf) -> str:
    """An article page."""
    fields = _article_fields(scene, leaf)
    pieces = scene.pieces
    metas = [pieces[name].substitute(fields) for name in ("metas", "labels") if name in pieces]
    tag = system_of(scene.site).title_tag.format(title=fields["title"], column=leaf.column.name, site=scene.site.name)
    inside = {
        "hot": str(fields["hot"]),
        "metas": "".join(f"{meta}\n" for meta in metas),
        "description": str(fields["description"]),
    }
    if leaf.state.condition.hijacked:
        spam = hijack(leaf.state.condition)
        tag = spam.title
        inside |= {"keywords": spam.keywords, "description": spam.description, "head": spam.head, "tail": spam.tail}
    return frame(scene, pieces["article"].substitute(fields), tag, leaf.column, **inside)


def _jcms_rows(scene: Scene, shelf: Shelf) -> str:
    """JCMS hands the rows of a column with paging to a script, as records of an XML island."""
    rows = items(scene, "row", shelf.entries).split("\n")
    if len(shelf.addresses) == 1:
        return f'<ul class="list">\n{"".join(rows)}\n</ul>'
    return (
        f'<div id="{shelf.column.number}07" style="height:auto"><script type="text/xml"><datastore>'
        f'<nextgroup><![CDATA[<a href="{DATA_PROXY}?page=1&webid=2&path=/&columnid={shelf.column.number}'
        f'&unitid={shelf.column.number}07"></a>]]></nextgroup>\n<recordset>\n{records(rows)}\n</recordset></datastore></script></div>'
        f"<script>jpage.init({shelf.column.number}07, {shelf.total}, {shelf.column.per_page});</script>"
    )


def records(rows: Sequence[str]) -> str:
    """List rows as JCMS wraps them."""
    return "\n".join(f"<record><![CDATA[{row}]]></record>" for row in rows)


def draw_list(scene: Scene, shelf: Shelf) -> str:
    """A list page of a column."""
    turn = Turn(shelf.page, [scene.link(path) for path in shelf.addresses], shelf.total, shelf.column.per_page)
    rank = hot(scene)
    crumb = f"{_crumb(scene, None)} &gt; {shelf.column.name}"
    rows = _jcms_rows(scene, shelf) if scene.site.system == "jcms" else items(scene, "row", shelf.entries)
    metas = [scene.pieces["metas"].substitute(_meta_fields(scene, shelf))] if "metas" in scene.pieces else []
    main = scene.pieces["list"].substitute(
        column=shelf.column.name,
        rows=f"{rows}\n",
        nav=_nav(scene),
        crumb=crumb,
        hot=rank,
        pager=pager(scene.site.system, turn),
    )
    title = f"{shelf.column.name}_{scene.site.name}"
    return frame(scene, main, title, shelf.column, hot=rank, crumb=crumb, metas="".join(f"{meta}\n" for meta in metas))


def _meta_fields(scene: Scene, shelf: Shelf) -> dict[str, str]:
    return {"site": scene.site.name, "domain": scene.site.domain, "column": shelf.column.name}


def sheet_name(page: int) -> str:
    """What a page (版) of the paper is about, counted from 1."""
    return ("要闻", "综合", "民生", "文旅", "专题", "公告")[(page - 1) % 6]


def draw_issue(scene: Scene, shelf: Shelf, day: date, earlier: str | None) -> str:
    """A page of the digital paper: its headlines, the issue's other pages, the way to the issue before."""
    sheets = "\n".join(
        scene.pieces["nav"].substitute(href=scene.link(path), text=f"第{place:02d}版：{sheet_name(place)}")
        for place, path in enumerate(shelf.addresses, 1)
    )
    main = scene.pieces["list"].substitute(
        hot=hot(scene),
        pages=sheets,
        rows=items(scene, "row", shelf.entries),
        issue=f"{day.year}年{day.month}月{day.day}日",
        previous_issue=scene.link(earlier) if earlier else "javascript:void(0)",
    )
    return frame(scene, main, f"{scene.site.name}数字报", shelf.column)


def draw_home(scene: Scene, shelves: Sequence[Shelf]) -> str:
    """The home page: the newest entries of every column."""
    common = skin("common")
    boxes = []
    for shelf in shelves:
        rows = "\n".join(
            common["homerow"].substitute(href=scene.link(entry.path), text=escape(entry.title, quote=False))
            for entry in shelf.entries[:6]
        )
        boxes.append(
            common["homebox"].substitute(href=scene.link(shelf.column.path), column=shelf.column.name, rows=rows)
        )
    return frame(scene, "\n".join(boxes), scene.site.name, None)


def draw_plain(scene: Scene, title: str, text: str) -> str:
    """A page that is neither list nor article: about the site, contact, site map, search."""
    return frame(scene, skin("common")["plain"].substitute(title=title, text=text), f"{title}_{scene.site.name}", None)
