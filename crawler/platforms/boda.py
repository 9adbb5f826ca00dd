"""Boda VSB (博达): ``/info/1003/1002.htm``, columns ``x.htm`` then ``x/10.htm`` numbered downwards."""

from crawler.platforms.platform import Paging, Platform, patterns

PLATFORM = Platform(
    name="boda",
    chinese="博达 VSB",
    marks=(
        "_newscontent_from",
        "v_news_content",
        '"vsb_content',
        "urltype=news.newscontenturl",
        "urltype=tree.treetempurl",
    ),
    articles=patterns(
        r"/info/\d+/\d+\.htm", r"urltype=news\.newscontenturl&(?:amp;)?wbtreeid=\d+&(?:amp;)?wbnewsid=\d+"
    ),
    columns=patterns(r"urltype=tree\.treetempurl"),
    bodies=(".v_news_content", "#vsb_content", "#vsb_content_2", "#vsb_content_4", "#vsb_newscontent"),
    paging=Paging.DOWNWARDS,
    decisive=True,
)
