"""What the start of a crawl costs, begun by itself and forked by a nursery, for ``bench.crawl``.

``python -m bench.starts HOME KEY HOW NUMBER`` crawls what is due of a site so many times, each begun ``alone`` or
``forked``. Nothing is due: so what two such runs differ by is what the further starts took.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from crawler.hands import Nursery
from crawler.launch import Order, environment, launch

FEW, MANY = 2, 8


def starts(home: Path, key: str) -> str:
    """A line that tells what a start takes. ``home`` has its archive, and its site was crawled a moment ago."""
    alone, forked = (1000 * (_cpu(home, key, how, MANY) - _cpu(home, key, how, FEW)) for how in ("alone", "forked"))
    each = MANY - FEW
    return f"a crawl of nothing that is due: {alone / each:.0f} ms of CPU by itself, {forked / each:.0f} ms forked\n"


def _cpu(home: Path, key: str, how: str, number: int) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "bench.starts", str(home), key, how, str(number)], check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


async def crawl(home: Path, key: str, how: str, number: int) -> None:
    """Crawl so many times, one after the other."""
    order = Order(home, (key,), columns="due", by_hand=False)
    async with Nursery(environment()) as nursery:
        for _ in range(number):
            await launch(order, lambda _: None, nursery=nursery if how == "forked" else None)


if __name__ == "__main__":
    asyncio.run(crawl(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))
