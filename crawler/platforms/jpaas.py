"""Hanweb jpaas (大汉): JCMS's addresses, columns built by ``/api-gateway/jpaas-publish-server/``."""

from crawler.platforms.platform import Paging, Platform, patterns

PLATFORM = Platform(
    name="jpaas",
    chinese="大汉 jpaas",
    marks=("jpaas-publish-server",),
    articles=patterns(r"/art/\d{4}/art_[0-9a-f]{32}\.html?"),
    columns=patterns(r"/col/col\d+/(?:index\.html?)?$"),
    services=patterns(r"/api-gateway/jpaas-publish-server/"),
    bodies=("#zoom",),
    paging=Paging.SERVICE,
    decisive=True,
)
