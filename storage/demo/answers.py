"""What a site's server answers to a request, headers included: pure from snapshot, address and count of visits."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

from storage.demo import pages
from storage.demo.catalogue import DATA_PROXY
from storage.demo.furniture import moving
from storage.demo.pages import Scene, Shelf
from storage.demo.plan import REDESIGNS
from storage.demo.skins import skin
from storage.demo.snapshot import Route, Snapshot
from storage.demo.troubles import trouble
from storage.demo.truth import Answer, CitySite, Condition
from storage.records import CHINA

_PLAIN = {
    "about": ("关于我们", "本站由{}主办，是面向社会公众的信息发布平台。"),
    "contact": ("联系我们", "{}，地址见网站底部，工作日9:00至17:00。"),
    "sitemap": ("网站地图", "{}各栏目见页面顶部导航。"),
    "search": ("站内搜索", "{}站内检索正在维护。"),
}
_GIF = b"GIF89a\x01\x00\x01\x00\x00\xff\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;"
_FILES = {
    "css": ("text/css", b"body{margin:0;font:14px/1.8 SimSun,sans-serif}\n"),
    "js": ("application/javascript", b"function doZoom(s){}\n"),
    "php": ("application/javascript", b'document.write("");\n'),
    "gif": ("image/gif", _GIF),
    "jpg": ("image/gif", _GIF),
    "png": ("image/gif", _GIF),
    "ico": ("image/gif", _GIF),
    "svg": ("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "docx": ("application/octet-stream", b"PK\x03\x04 made city attachment"),
    "xls": ("application/vnd.ms-excel", b"\xd0\xcf\x11\xe0 made city attachment"),
}


def answer(snapshot: Snapshot, path: str, visit: int) -> Answer:
    """The answer to a GET of a path (with its query; a POST's form counts as query). Unknown addresses answer 404."""
    site = snapshot.site
    bare = urlsplit(path).path
    if bare == "/robots.txt":
        return _plain_text(200, site.robots) if site.robots else _plain_text(404, "Not Found")
    if bare == DATA_PROXY and site.system == "jcms":
        return _more_records(snapshot, path, visit)
    route = snapshot.routes.get(path)
    if route is None and bare.startswith("/search"):
        route = Route("plain", to="search")
    if route is None and (kept := _FILES.get(bare.rpartition(".")[2])) is not None:
        return Answer(200, kept[1], {"Content-Type": kept[0]}, None)
    scene = _scene(snapshot, path, visit)
    if route is None:
        return _html(site, 404, scene.pieces["missing"].substitute())
    if route.kind == "moved":
        return Answer(301, b"", {"Location": route.to, "Content-Type": "text/html"}, None)
    if route.kind == "article" and (troubled := _troubled(snapshot, route, scene)) is not None:
        return troubled
    drawn = _html(site, 200, _draw(snapshot, route, scene))
    return drawn if route.to == "search" else _stamped(drawn, snapshot, path)


def _scene(snapshot: Snapshot, path: str, visit: int) -> Scene:
    site = snapshot.site
    redesigned = snapshot.round >= REDESIGNS.get(site.key, snapshot.round + 1)
    moved = moving(snapshot.seed, site.key, path, snapshot.round, visit, snapshot.day)
    return Scene(site, path, f"{site.system}2" if redesigned else site.system, moved, snapshot.entries)


def _draw(snapshot: Snapshot, route: Route, scene: Scene) -> str:
    site, column = snapshot.site, route.column
    match route.kind:
        case "article":
            return pages.draw_article(scene, snapshot.leaf(route))
        case "list" if column is not None:
            return pages.draw_list(scene, snapshot.shelf(column, route.page))
        case "issue":
            return _draw_issue(snapshot, route, scene)
        case "home":
            return pages.draw_home(scene, [snapshot.shelf(each, 1) for each in site.columns])
        case "refresh":
            return skin("common")["refresh"].substitute(site=site.name, href=route.to.removeprefix("/"))
    title, text = _PLAIN[route.to]
    return pages.draw_plain(scene, title, text.format(site.name))


def _draw_issue(snapshot: Snapshot, route: Route, scene: Scene) -> str:
    shown = snapshot.issue(route.born)
    shelf = Shelf(shown.column, shown.on_page(route.page), shown.addresses, route.page, len(shown.entries))
    earlier = [born for born in snapshot.issues if born < route.born]
    before = snapshot.issue(earlier[-1]).addresses[0] if earlier else None
    return pages.draw_issue(scene, shelf, snapshot.day_of(route.born), before)


def _troubled(snapshot: Snapshot, route: Route, scene: Scene) -> Answer | None:
    assert route.article is not None
    state = route.article.at(snapshot.round)
    assert state is not None
    if state.condition is Condition.LIVE or state.condition.hijacked:
        return None
    site = snapshot.site
    found = trouble(state.condition, scene.pieces["missing"].substitute(), site.encoding, scene.moving)
    kind = "text/html" if found.encoding == "gbk" or not site.header else f"text/html; charset={found.encoding}"
    headers = {"Content-Type": kind} | ({"Location": found.location} if found.location else {})
    if found.status == 503:
        headers["Retry-After"] = "120"
    return Answer(found.status, found.text.encode(found.encoding), headers, found.encoding)


def _more_records(snapshot: Snapshot, path: str, visit: int) -> Answer:
    """JCMS: the records ``startrecord`` to ``endrecord`` of column ``columnid``."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    column = next((each for each in snapshot.site.columns if str(each.number) == asked.get("columnid")), None)
    if column is None:
        return _html(snapshot.site, 404, "")
    shown = snapshot.listed(column)
    first, last = _number(asked.get("startrecord"), 1), _number(asked.get("endrecord"), len(shown.entries))
    rows = pages.items(_scene(snapshot, path, visit), "row", shown.entries[first - 1 : last]).split("\n")
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><datastore><totalrecord>{len(shown.entries)}</totalrecord>'
        f"<totalpage>{len(shown.addresses)}</totalpage><recordset>\n{pages.records(rows)}\n</recordset></datastore>"
    )
    return Answer(200, text.encode(), {"Content-Type": "text/xml;charset=utf-8"})


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else default


def _plain_text(status: int, text: str) -> Answer:
    return Answer(status, text.encode(), {"Content-Type": "text/plain"})


def _html(site: CitySite, status: int, text: str) -> Answer:
    body = text.encode(site.encoding)
    kind = f"text/html; charset={site.header}" if site.header else "text/html"
    return Answer(status, b"\xef\xbb\xbf" + body if site.bom else body, {"Content-Type": kind}, site.encoding)


def _stamped(drawn: Answer, snapshot: Snapshot, path: str) -> Answer:
    """The answer with the validators that its site sends. Like a server-side include, they speak of the page without
    its counters."""
    site = snapshot.site
    mark, since = snapshot.stamp(path)
    headers = dict(drawn.headers)
    if site.validators in ("etag", "both"):
        headers["ETag"] = f'"{mark}"'
    if site.validators in ("modified", "both"):
        day = snapshot.day_of(since)
        moment = datetime.combine(day, time(9), CHINA) + timedelta(hours=since)
        headers["Last-Modified"] = format_datetime(moment.astimezone(UTC), usegmt=True)
    return Answer(drawn.status, drawn.body, headers, drawn.encoding)
