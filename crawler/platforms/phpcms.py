"""PHPCMS v9: ``/{column}/{year}/{month and day}/{id}.html``, long articles continued in ``_2.html``."""

from crawler.platforms.platform import Platform, patterns

PLATFORM = Platform(
    name="phpcms",
    chinese="PHPCMS v9",
    marks=(
        "phpcms",
        "index.php?m=content&c=",
        "index.php?m=content&amp;c=",
    ),
    articles=patterns(
        r"/\d{4}/\d{4}/\d+(?:_\d+)?\.s?html?",
        r"m=content&(?:amp;)?c=index&(?:amp;)?a=show&(?:amp;)?catid=\d+&(?:amp;)?id=\d+",
    ),
    columns=patterns(r"m=content&(?:amp;)?c=index&(?:amp;)?a=lists"),
)
