"""Style sheets, script and icon: made once from templates and files, named by their content, kept by browsers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.tell import Lang
from monitor.web.asked import nothing_here
from monitor.web.screens import engine

_FILES = {"app.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml"}
_LIGHT = re.compile(r"^:root \{(.*?)\}", re.DOTALL | re.MULTILINE)
_DARK = re.compile(r"prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", re.DOTALL)
_COLOUR = re.compile(r"--[\w-]+: #[0-9a-f]{3,8};")
_LANGS: tuple[Lang, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file for browsers; ``mark`` is a short hash of it."""

    body: bytes
    kind: str
    mark: str


def assets() -> dict[str, Asset]:
    """All of them by name. The style sheet says a few words to reading voices, hence one a language."""
    made = {f"app.{lang}.css": _asset(_style(lang), "text/css; charset=utf-8") for lang in _LANGS}
    folder = files("monitor.web") / "static"
    return made | {name: _asset((folder / name).read_bytes(), kind) for name, kind in _FILES.items()}


def addresses(made: Mapping[str, Asset]) -> dict[str, str]:
    """Where they are found, by name."""
    return {name: f"/static/{name}?v={asset.mark}" for name, asset in made.items()}


def asset_routes(made: Mapping[str, Asset]) -> list[Route]:
    """The addresses that they answer at."""

    def static(request: Request) -> Response:
        asset = made.get(request.path_params["name"])
        if asset is None:
            raise nothing_here()
        tag = f'"{asset.mark}"'
        named = request.query_params.get("v") == asset.mark
        headers = {
            "etag": tag,
            "cache-control": "public, max-age=31536000, immutable" if named else "public, no-cache",
        }
        if tag in [one.strip() for one in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=headers)
        return Response(asset.body, media_type=asset.kind, headers=headers)

    return [Route("/static/{name}", static, name="static")]


def _style(lang: Lang) -> bytes:
    sheet = engine(lang).get_template("app.css.j2").render()
    return f"{sheet}\n{_themes(sheet)}".encode()


def _themes(sheet: str) -> str:
    """The two sets of colours once more, for a reader who chose one whatever the machine prefers; paper has its own."""
    light, dark = _LIGHT.search(sheet), _DARK.search(sheet)
    assert light is not None, "the shared tokens name the light colours"
    assert dark is not None, "the shared tokens name the dark colours"
    said = [
        f":root[data-theme={name}] {{ color-scheme: {name}; {' '.join(_COLOUR.findall(block[1]))} }}"
        for name, block in (("light", light), ("dark", dark))
    ]
    return "@media screen {\n" + "\n".join(said) + "\n}\n"


def _asset(body: bytes, kind: str) -> Asset:
    return Asset(body, kind, sha256(body).hexdigest()[:16])
