"""Printed badges as a camera at the door sees them: out of focus, in bad light, held askew, behind shining film.

Everything comes from the seed: the same pictures each time.
"""

import io
import random
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from eventops.printing.stocks import BADGES

FRAME = (1280, 720)
STOCK = BADGES["card10"]
_DOTS_PER_MM = 10.0
_WIDTHS = (560, 760)
"""How wide a badge is in the picture: held out at arm's length, and close."""

Picture = Image.Image
Spoil = Callable[[Picture, random.Random], Picture]


def cut(pdf: bytes) -> Iterator[Picture]:
    """The badges of printed sheets, one by one."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        sheet = page.render(scale=_DOTS_PER_MM * 25.4 / 72).to_pil().convert("RGB")
        for number in range(STOCK.labels):
            row, column = divmod(number, STOCK.columns)
            left = STOCK.left + column * (STOCK.width + STOCK.gap_x)
            top = STOCK.top + row * (STOCK.height + STOCK.gap_y)
            box = (left, top, left + STOCK.width, top + STOCK.height)
            yield sheet.crop(tuple(round(_DOTS_PER_MM * side) for side in box))


def scene(badge: Picture, dice: random.Random, *, askew: float = 0.03, turned: float = 4.0) -> Picture:
    """The badge before a coat, a little askew as hands hold it."""
    width = dice.uniform(*_WIDTHS)
    height = width * badge.height / badge.width
    left, top = (FRAME[0] - width) / 2 + dice.uniform(-60, 60), (FRAME[1] - height) / 2 + dice.uniform(-40, 40)
    corners = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
    away = width * askew
    held = [(x + dice.uniform(-away, away), y + dice.uniform(-away, away)) for x, y in corners]
    return _laid(badge, _turned(held, dice.uniform(-turned, turned)), _coat(dice))


def _coat(dice: random.Random) -> Picture:
    grain = np.random.default_rng(dice.getrandbits(32)).normal(70, 9, (FRAME[1], FRAME[0], 3))
    return Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))


def _turned(corners: Sequence[tuple[float, float]], degrees: float) -> list[tuple[float, float]]:
    middle = complex(FRAME[0] / 2, FRAME[1] / 2)
    turn = complex(np.cos(np.radians(degrees)), np.sin(np.radians(degrees)))
    turned = [(complex(*corner) - middle) * turn + middle for corner in corners]
    return [(point.real, point.imag) for point in turned]


def _laid(badge: Picture, corners: Sequence[tuple[float, float]], ground: Picture) -> Picture:
    """The badge with its corners at these places."""
    flat = [(0, 0), (badge.width, 0), (badge.width, badge.height), (0, badge.height)]
    rows, known = [], []
    for (x, y), (u, v) in zip(corners, flat, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        known += [u, v]
    how = tuple(np.linalg.solve(np.array(rows), np.array(known)))
    laid = badge.transform(FRAME, Image.Transform.PERSPECTIVE, how, Image.Resampling.BICUBIC)
    where = Image.new("L", badge.size, 255).transform(FRAME, Image.Transform.PERSPECTIVE, how)
    return Image.composite(laid, ground, where)


def sharp(badge: Picture, dice: random.Random) -> Picture:
    return scene(badge, dice)


def blurred(badge: Picture, dice: random.Random) -> Picture:
    """Out of focus, and every other time moved as well."""
    picture = scene(badge, dice).filter(ImageFilter.GaussianBlur(dice.uniform(0.8, 2.0)))
    if dice.random() < 0.5:
        way = dice.randint(2, 5)
        picture = Image.blend(picture, ImageChops.offset(picture, way, way // 2), 0.5)
    return picture


def dim(badge: Picture, dice: random.Random) -> Picture:
    """A tenth to a third of the light, and the noise of a sensor that makes up for it."""
    dark = np.asarray(ImageEnhance.Brightness(scene(badge, dice)).enhance(dice.uniform(0.12, 0.35)), dtype=float)
    noise = np.random.default_rng(dice.getrandbits(32)).normal(0, dice.uniform(3, 7), dark.shape)
    return Image.fromarray(np.clip(dark + noise, 0, 255).astype(np.uint8))


def tilted(badge: Picture, dice: random.Random) -> Picture:
    """Hung the wrong way, seen from the side."""
    return scene(badge, dice, askew=0.12, turned=45.0)


def glossy(badge: Picture, dice: random.Random) -> Picture:
    """A lamp in the film of the badge holder: a white patch that fades out, somewhere on the badge."""
    picture = scene(badge, dice)
    patch = Image.new("L", FRAME, 0)
    x, y = FRAME[0] / 2 + dice.uniform(-300, 300), FRAME[1] / 2 + dice.uniform(-180, 180)
    wide, high = dice.uniform(30, 130), dice.uniform(15, 60)
    ImageDraw.Draw(patch).ellipse((x - wide, y - high, x + wide, y + high), fill=dice.randint(170, 250))
    patch = patch.filter(ImageFilter.GaussianBlur(22))
    veil = Image.blend(picture, Image.new("RGB", FRAME, "white"), 0.12)
    return Image.composite(Image.new("RGB", FRAME, "white"), veil, patch)


def evening(badge: Picture, dice: random.Random) -> Picture:
    """A little of everything."""
    picture = scene(badge, dice, askew=0.06, turned=20.0).filter(ImageFilter.GaussianBlur(dice.uniform(0.6, 1.2)))
    dark = np.asarray(ImageEnhance.Brightness(picture).enhance(dice.uniform(0.3, 0.6)), dtype=float)
    noise = np.random.default_rng(dice.getrandbits(32)).normal(0, 4, dark.shape)
    return Image.fromarray(np.clip(dark + noise, 0, 255).astype(np.uint8))


SPOILS: dict[str, Spoil] = {
    "sharp": sharp,
    "blurred": blurred,
    "dim": dim,
    "tilted": tilted,
    "glossy": glossy,
    "a little of everything": evening,
}


def as_jpeg(picture: Picture) -> bytes:
    """As a camera hands it over."""
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=85)
    return stream.getvalue()
