"""WARC files as other crawlers write them, for tests."""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.sites import Site

PAGE = (
    '<html><head><meta charset="{2}"><title>{0}</title></head><body><h1>{0}</h1>'
    "<p>2026-11-20 来源:云溪日报</p><div>{1}</div></body></html>"
)


def story(title: str, *text: str, charset: str = "utf-8") -> bytes:
    """An article's page."""
    return PAGE.format(title, "".join(f"<p>{line}</p>" for line in text), charset).encode(charset)


SITE = Site(key="yunxi", name="云溪发布", columns=("http://www.yunxi.example/news/",))
START = datetime(2026, 11, 20, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ONE, TWO = "http://www.yunxi.example/news/1.html", "http://www.yunxi.example/news/2.html"
TEXT = (
    "11月20日,市政府召开第38次常务会议,研究部署今冬明春供暖保障工作,会议由市长王建国主持。",
    "会议指出,全市已完成老旧管网改造126公里,惠及居民4156户,年度投资6.89亿元。",
    "会议要求,各区县要落实属地责任,确保11月25日前全部达到供热标准。",
)
EDITED = (TEXT[0], TEXT[1].replace("4156户", "4165户"), TEXT[2])
HEAT = story("市政府研究供暖保障", *TEXT)
HEATED = story("市政府研究供暖保障", *EDITED)
FAIR = story(
    "稻香文化节周末开幕", "云溪古镇首届稻香文化节将于周末开幕,活动持续至月底。", "期间将举办农耕体验等23项活动。"
)
COLUMN = (
    "<html><head><title>新闻中心</title></head><body><ul>"
    + "".join(
        f'<li><a href="{n}.html">市政府研究第{n}项民生保障工作</a><span>2026-11-2{n}</span></li>' for n in range(1, 8)
    )
    + "</ul></body></html>"
).encode()


def chunked(body: bytes) -> bytes:
    pieces = [body[start : start + 100] for start in range(0, len(body), 100)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@dataclass
class Crawl:
    """A file in the making; ``wget`` writes like wget does: WARC 1.0, bodies as they came over the wire."""

    gzip: bool = True
    version: str = "1.0"
    out: io.BytesIO = field(default_factory=io.BytesIO)
    places: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._writer = WARCWriter(self.out, gzip=self.gzip, warc_version=self.version)
        info = self._writer.create_warcinfo_record("a.warc.gz", {"software": "Wget/1.21"})
        self._writer.write_record(info)

    def write(
        self,
        url: str,
        at: datetime | None,
        body: bytes = b"",
        *,
        kind: str = "response",
        status: str = "200 OK",
        http: dict[str, str] | None = None,
        warc: dict[str, str] | None = None,
    ) -> None:
        self.places.append(self.out.tell())
        headers = {"WARC-Date": f"{at:%Y-%m-%dT%H:%M:%SZ}"} if at else {}
        given = {"Content-Type": "text/html"} | (http or {})
        said = StatusAndHeaders(status, list(given.items()), protocol="HTTP/1.1") if status else None
        if kind == "request":
            said = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=said,
            warc_headers_dict=headers | (warc or {}),
        )
        if at is None:
            record.rec_headers.remove_header("WARC-Date")
        self._writer.write_record(record)

    def packed(self, url: str, at: datetime, body: bytes) -> None:
        """As it came over the wire: in chunks, compressed."""
        wire = chunked(gzip.compress(body, mtime=0))
        self.write(url, at, wire, http={"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"})

    @property
    def file(self) -> io.BytesIO:
        return io.BytesIO(self.out.getvalue())
