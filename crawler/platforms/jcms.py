"""Hanweb JCMS (大汉): ``/art/2021/5/8/art_1229_58.html``, columns ``/col/col1229/index.html`` with an XML service."""

from crawler.platforms.platform import Paging, Platform, patterns

PLATFORM = Platform(
    name="jcms",
    chinese="大汉 JCMS",
    marks=(
        "/module/web/jpage/",
        "zjeg_rss.content",
    ),
    articles=patterns(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html?"),
    columns=patterns(r"/col/col\d+/(?:index\.html?)?$"),
    services=patterns(r"/dataproxy\.jsp\?"),
    bodies=("#zoom",),
    paging=Paging.SERVICE,
    decisive=True,
)
