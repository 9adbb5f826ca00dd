"""Kaipu UCAP (开普): ``/site/c100186/202609/<32 hex>.shtml``, columns by a JSON search."""

from crawler.platforms.platform import Paging, Platform, patterns

PLATFORM = Platform(
    name="ucap",
    chinese="开普 UCAP",
    marks=(
        "<ucaptitle",
        "<ucapcontent",
        'ucap-content"',
        'id="ucapcontent',
    ),
    articles=patterns(r"/c\d{5,}/\d{6}/[0-9a-f]{32}\.s?html?", r"/c\d{5,}/\d{6}/content_\d+\.s?html?"),
    columns=patterns(r"/common/search/", r"/c\d{5,}/(?:\w*list|index)\w*\.s?html?$"),
    services=patterns(r"/(?:common/search|searchlist)/[0-9a-f]{32}\b"),
    bodies=("ucapcontent", "#ucap-content", "#ucapcontent", ".pages_content"),
    titles=("ucaptitle",),
    paging=Paging.SERVICE,
    decisive=True,
)
