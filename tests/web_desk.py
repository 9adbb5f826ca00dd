"""What tests of the web pages share: an archive with a day of everything in it, hostile pages too, and its pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from drain_desk import HIJACKED, START, Desk, address, busy_day, numbered, raw, story

from storage.archive import Archive
from storage.records import Attachment, Page
from storage.sql import open_archive

if TYPE_CHECKING:
    # Loaded where it is used: most tests have nothing to do with pages.
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

BASE = "http://127.0.0.1:8765"
SITES = {"yunxi": "云溪发布", "lanqiao": "兰桥日报", "shiquan": "石泉区政府"}

BRIDGE = (
    "跨越云溪的第二座大桥于周三上午合龙，主桥全长1268米，桥面设双向六车道，比原计划提前41天。",
    "市交通运输局负责人介绍，大桥通车后，城北到高铁站的车程将由35分钟缩短到12分钟。",
)

LURE = "http://lure.invalid"
"""Where hostile pages would have a browser go; a browser's test puts a server of its own there."""

HOSTILE_TITLE = "通知<script>alert(1)</script>\u202e<img src=x onerror=alert(2)>"
HOSTILE_TEXT = (
    "第一段<script>fetch('LURE/text')</script>，<img src=LURE/text.png onerror=alert(3)>正文第4156户。",
    "第二段</p></article><iframe src=LURE/frame></iframe><style>@import 'LURE/text.css';</style>编号7789。",
)
HOSTILE_PAGE = """<!DOCTYPE html><html><head><title>x</title><base href="LURE/base/">
<meta http-equiv="refresh" content="0;url=LURE/refresh"><link rel="stylesheet" href="LURE/sheet.css">
<link rel="preload" as="image" href="LURE/preload.png"><link rel="icon" href="LURE/icon.ico">
<link rel="dns-prefetch" href="LURE"><script src="LURE/script.js"></script>
<script>alert(10);fetch("LURE/fetch")</script>
<style>@import url(LURE/import.css);@\\69mport "LURE/escaped.css";body{background:url(LURE/ground.png)}
p{background:u\\72l(LURE/escaped.png)}@font-face{font-family:f;src:url(LURE/font.woff)}*{font-family:f}
li{list-style-image:image-set("LURE/set.png" 1x)}div::after{content:url(LURE/after.png)}</style></head>
<body onload="alert(11)" background="LURE/body.png"><h1 onmouseover="alert(12)">标题</h1>
<p style="background-image:url('LURE/inline.png')" onclick="alert(13)">正文
<a href="javascript:alert(14)" ping="LURE/ping">链接</a></p>
<img src="LURE/picture.png" srcset="LURE/picture2.png 2x" onerror="alert(15)" alt="一张图">
<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='alert(16)'/>">
<svg onload="alert(17)"><script>alert(18)</script><image href="LURE/svg.png"/><use href="LURE/use.svg#a"/>
<animate attributeName="href" values="javascript:alert(19)"/>
<foreignObject><iframe src="LURE/foreign"></iframe></foreignObject></svg>
<math><mtext><img src="LURE/math.png" onerror="alert(20)"></mtext></math>
<iframe src="LURE/frame.html" srcdoc="<script>alert(21)</script>"></iframe><object data="LURE/object.swf"></object>
<embed src="LURE/embed.swf">
<video src="LURE/film.mp4" poster="LURE/poster.png" autoplay></video>
<audio src="LURE/sound.mp3" autoplay></audio>
<form action="LURE/form"><input type="image" src="LURE/button.png" autofocus onfocus="alert(22)">
<button>去</button></form>
<table background="LURE/table.png"><tr><td background="LURE/cell.png">格</td></tr></table>
<noscript><p title="</noscript><img src=LURE/noscript.png onerror=alert(23)>"></noscript>
<template><img src="LURE/template.png"></template><xmp><img src="LURE/xmp.png"></xmp>
<details open ontoggle="alert(24)"><summary>合</summary>开</details><marquee onstart="alert(25)">跑</marquee>
<!--[if true]><img src="LURE/comment.png"><![endif]-->
<custom-tag onclick="alert(26)">自定义</custom-tag></body></html>"""


def hostile_page(lure: str = LURE) -> bytes:
    """A page that tries everything, as bytes."""
    return HOSTILE_PAGE.replace("LURE", lure).encode()


@dataclass
class WebDesk:
    """An archive with everything in it, the moment that it is looked at, and its pages by name."""

    archive: Archive
    now: datetime
    lure: str = LURE

    def page(self, name: str, key: str = "yunxi") -> Page:
        """A page of the archive."""
        found = self.archive.browsing.page_at(address(name, key))
        assert found is not None
        return found

    def app(self, **web: object) -> Starlette:
        """The application, as configured."""
        from monitor.config import Settings
        from monitor.web.app import build_app

        settings = Settings.model_validate({"web": {"requests_per_minute": 100_000, **web}})
        # A test sees the digest itself, however busy the machine is.
        return build_app(self.archive, settings, lambda: self.now, patience=timedelta(minutes=1))

    def client(self, **web: object) -> TestClient:
        """A client that follows nothing."""
        from starlette.testclient import TestClient

        return TestClient(self.app(**web), base_url=BASE, follow_redirects=False)


def furnish(archive: Archive, lure: str = LURE) -> WebDesk:
    """Put a day of everything into an archive, and compare it."""
    desk = Desk(archive)
    archive.running.announce(SITES)
    busy_day(desk)
    said = tuple(line.replace("LURE", lure) for line in HOSTILE_TEXT)
    files = (Attachment("javascript:alert(5)", "附件<b>.doc"), Attachment(f"{lure}/file.pdf", "附件.pdf"))
    first = story(*said, title=HOSTILE_TITLE, source="<b>来源</b>", attachments=files)
    desk.visit(first, page="hostile", body=hostile_page(lure))
    second = story(
        said[0].replace("4156", "4165"), said[1], title=HOSTILE_TITLE, source="<b>来源</b>", attachments=files
    )
    desk.visit(second, page="hostile", body=hostile_page(lure) + b"<p>2</p>")
    desk.visit(numbered(9, "a"), page="hijacked")
    desk.visit(replace(numbered(9, "a"), flags=HIJACKED.flags, surface=HIJACKED.surface), page="hijacked")
    desk.visit(story(*BRIDGE, title="云溪二桥合龙"), page="plain", body=raw(*BRIDGE))
    desk.visit(story(*BRIDGE, title="云溪二桥合龙", source="云溪发布"), page="copy", key="lanqiao", body=raw(*BRIDGE))
    desk.drain()
    return WebDesk(archive, desk.now + timedelta(minutes=5), lure)


@pytest.fixture(scope="session")
def web_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDesk]:
    """An archive that tests of pages read and none writes."""
    opened = open_archive(f"sqlite:///{tmp_path_factory.mktemp('web') / 'shixun.db'}")
    yield furnish(opened)
    opened.close()


@pytest.fixture(scope="session")
def web(web_desk: WebDesk) -> TestClient:
    """Its pages."""
    assert web_desk.now > START
    return web_desk.client()
