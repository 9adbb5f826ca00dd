"""DedeCMS (织梦): ``/a/news/20210409/1283.html``, ``view.php?aid=``; columns ``list.php?tid=``."""

from crawler.platforms.platform import Platform, patterns

PLATFORM = Platform(
    name="dedecms",
    chinese="织梦 DedeCMS",
    marks=(
        "dedecms",
        "/plus/count.php",
        "/plus/digg_ajax.php",
        "/plus/feedback.php",
        "/templets/default/",
    ),
    articles=patterns(r"/a/(?:\w+/)*\d{8}/\d+(?:_\d+)?\.html?", r"/view\.php\?aid=\d+"),
    columns=patterns(r"/list\.php\?tid=\d+", r"/list_\d+_\d+\.html?$"),
)
