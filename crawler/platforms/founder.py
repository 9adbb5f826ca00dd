"""Founder (方正): digital papers ``/html/2018-09/10/content_1.htm`` under ``node_2.htm``, and news sites on EnpCMS."""

from crawler.platforms.platform import Platform, patterns

PLATFORM = Platform(
    name="founder",
    chinese="方正 数字报、翔宇",
    marks=(
        "<!--enpproperty",
        "<!-- enpproperty",
        "<founder-content",
        "<!--enpcontent",
        'id="ozoom"',
    ),
    articles=patterns(r"/\d{4}-\d{2}/\d{2}/content_\d+\.s?html?", r"/pc/content/\d{6}/\d{2}/content_\d+\.html?"),
    columns=patterns(r"/node_\d+\.s?html?$", r"/pc/layout/\d{6}/\d{2}/"),
    bodies=("founder-content", "#ozoom"),
    titles=("founder-title",),
    decisive=True,
)
