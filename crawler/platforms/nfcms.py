"""Guangdong NFCMS (南方): ``/content/post_3250000.html``, columns also at ``/gkmlpt/api/all/``."""

from crawler.platforms.platform import Platform, patterns

PLATFORM = Platform(
    name="nfcms",
    chinese="南方 NFCMS",
    marks=(
        "/gkmlpt/",
        "nfcms",
    ),
    articles=patterns(r"/content/(?:mpost|post)_\d+\.html?", r"/\d/\d+/post_\d+\.html?", r"/gkmlpt/content/"),
    services=patterns(r"/gkmlpt/api/all/\d+"),
    bodies=("#zoomcon", ".article-content", ".news_cont_d_wrap"),
    decisive=True,
)
