"""A screenshot in few colours: the browser that took it counts them, and the picture is written with a palette."""

from __future__ import annotations

import base64
import struct
import zlib

from playwright.sync_api import Page

MOST = 256
"""Colours of a picture with a palette."""

_COUNT = """
async ([png, most]) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const pixels = new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer);
  const often = new Map();
  for (const pixel of pixels) often.set(pixel, (often.get(pixel) || 0) + 1);
  const parts = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  const palette = [], place = new Map();
  // Most frequent first, none too near to another: else the greys of letters' edges would crowd out a rare colour.
  for (const [pixel] of [...often].sort((one, other) => other[1] - one[1])) {
    const [red, green, blue] = parts(pixel);
    const near = palette.some(([r, g, b]) => Math.abs(r - red) + Math.abs(g - green) + Math.abs(b - blue) < 14);
    if (near && palette.length > 8) continue;
    place.set(pixel, palette.length);
    if (palette.push([red, green, blue]) === most) break;
  }
  const nearest = (pixel) => {
    const [red, green, blue] = parts(pixel);
    let best = 0, least = Infinity;
    palette.forEach(([r, g, b], at) => {
      const far = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
      if (far < least) [best, least] = [at, far];
    });
    return best;
  };
  for (const pixel of often.keys()) if (!place.has(pixel)) place.set(pixel, nearest(pixel));
  const places = Uint8Array.from(pixels, (pixel) => place.get(pixel));
  let said = "";
  for (let at = 0; at < places.length; at += 8192) said += String.fromCharCode(...places.subarray(at, at + 8192));
  return [image.width, image.height, palette.flat(), btoa(said)];
}
"""


def small(page: Page, png: bytes) -> bytes:
    """The picture with at most ``MOST`` colours, the most frequent ones. ``page`` is any open page of a browser."""
    width, height, palette, places = page.evaluate(_COUNT, [base64.b64encode(png).decode(), MOST])
    return written(width, height, bytes(palette), base64.b64decode(places))


def written(width: int, height: int, palette: bytes, places: bytes) -> bytes:
    """A PNG file: ``palette`` has red, green, blue of each colour, ``places`` a colour's number for each pixel."""
    rows = b"".join(b"\0" + places[start : start + width] for start in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, held) for kind, held in chunks)


def _chunk(kind: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))
