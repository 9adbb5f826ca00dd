"""CmsTop: ``/zhaoqing/2021/0409/1283.shtml``; known by its style sheet and its imprint."""

from crawler.platforms.platform import Platform, patterns

PLATFORM = Platform(
    name="cmstop",
    chinese="CmsTop",
    marks=(
        "/css/cmstop-common.css",
        "powered by cmstop",
        "cmstop.js",
    ),
    articles=patterns(r"/\d{4}/\d{4}/\d+\.s?html?"),
)
