"""A Scrapy crawl that parses nothing, for ``bench.crawl`` to stand beside: the same addresses, the same manners.

``python -m bench.emptycrawl ASKED KEPT`` asks for each address of the JSON file ``ASKED`` (``[[address, tag], …]``, tag
may be null) and writes to ``KEPT`` which tag each answered with. Scrapy's own settings, but for what would make the
comparison unfair: robots.txt is obeyed and each host is asked one request at a time without a wait, as ours does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

SETTINGS = {
    "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 0,
    "HTTPERROR_ALLOW_ALL": True,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "INFO",
}


class EmptySpider(Spider):
    """Asks, and looks at nothing but the tag of an answer."""

    name = "empty"

    def __init__(self, asked: str, kept: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.asked: list[list[str | None]] = json.loads(Path(asked).read_text())
        self.kept = Path(kept)
        self.tags: dict[str, str | None] = {}

    async def start(self) -> AsyncIterator[Any]:
        """All requests at once."""
        for url, tag in self.asked:
            assert url is not None
            yield Request(url, headers={"If-None-Match": tag} if tag else {}, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Nothing is read."""
        tag = response.headers.get("ETag")
        self.tags[response.request.url if response.request else response.url] = tag.decode("latin-1") if tag else None

    def closed(self, _reason: str) -> None:
        """Put down the tags."""
        self.kept.write_text(json.dumps(self.tags))


if __name__ == "__main__":
    process = AsyncCrawlerProcess(SETTINGS)
    process.crawl(EmptySpider, asked=sys.argv[1], kept=sys.argv[2])
    process.start()
