"""Sudy WebPlus (苏迪): ``/2017/1017/c8955a104083/page.htm``, columns ``list.htm``, ``list2.htm``."""

from crawler.platforms.platform import Paging, Platform, patterns

PLATFORM = Platform(
    name="sudy",
    chinese="苏迪 WebPlus",
    marks=(
        "wp_articlecontent",
        'class="article_title',
        'class="arti_title',
        "sudy-wp-",
        "/_upload/tpl/",
    ),
    articles=patterns(r"/(?:\d{4}/\d{4}|[0-9a-f]{2}/[0-9a-f]{2})/c\d+a\d+/pagem?\.(?:htm|psp)"),
    columns=patterns(r"/list\d*\.(?:htm|psp)$"),
    bodies=(".wp_articlecontent",),
    titles=(".article_title", ".arti_title"),
    labels=(".article_publishdate", ".arti_update"),
    paging=Paging.UPWARDS,
    decisive=True,
)
