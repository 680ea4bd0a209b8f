"""How the station's camera reads printed badges: `python -m benchmarks.camera`.

The program prints badges; each is shown in a picture as a camera at the door sees it (`benchmarks.scenes`) to the
decoder that the station's page uses, in a real Chromium, at the size that the page gives it. Then a film of badges
runs before Chromium's camera while a station is open: the time from the first frame that shows a badge, as the page
gets it, to the verdict on the screen. Chromium is named in EVENTOPS_CHROMIUM or found on the path.
"""

import os
import random
import shutil
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Playwright, Route, sync_playwright
from sqlalchemy import select

from benchmarks import door as doors
from benchmarks import figures, installation, scenes
from benchmarks.door import Door
from benchmarks.figures import Row
from benchmarks.registration import application
from eventops import clock
from eventops.checkin import stations
from eventops.config import load_secrets
from eventops.database import db, transaction
from eventops.printing import guests
from eventops.printing.badges import badges_pdf
from eventops.printing.imprint import Imprint
from eventops.registration.models import Attendee

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
EACH, SHOWN = 60, 12
DECODED_PERCENT, VERDICT_MS = 95.0, 300.0
LONGEST = 960  # as the page's camera gives it to the decoder
FRAMES_A_SECOND = 30
SHOWN_FRAMES, BLANK_FRAMES = 45, 20
_MARK = 24
DECODE = """async ([numbers, longest]) => {
  const { decode } = await import('/static/js/scan-decoder.js');
  const read = [];
  for (const number of numbers) {
    const picture = await createImageBitmap(await (await fetch(`/pictures/${number}`)).blob());
    const began = performance.now();
    const [text] = await decode(picture, picture.width, picture.height, { longest });
    read.push([text ?? '', performance.now() - began]);
    picture.close();
  }
  return read;
}"""
WATCH = """() => {
  const video = document.querySelector('[data-video]');
  const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  window.shown = [];
  window.told = [];
  let wasMarked = false;
  const look = (now) => {
    pen.drawImage(video, 4, 4, 8, 8, 0, 0, 1, 1);
    const isMarked = pen.getImageData(0, 0, 1, 1).data[0] > 200;
    if (isMarked && !wasMarked) window.shown.push(performance.now());
    wasMarked = isMarked;
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  const place = document.querySelector('[data-verdict-place]');
  new MutationObserver(() => {
    const name = place.querySelector('[data-verdict-name]')?.textContent;
    if (name) requestAnimationFrame(() => window.told.push(performance.now()));
  }).observe(place, { childList: true });
}"""


@dataclass(frozen=True, slots=True)
class Printed:
    """A badge as it came out of the printer, and the code on it."""

    code: str
    picture: scenes.Picture


def printed(home: Path, url: str, count: int) -> list[Printed]:
    with application(home, url, TICKET_KEY=load_secrets(home).ticket_key):
        people = db.session.scalars(select(Attendee).order_by(Attendee.id).limit(count)).all()
        badges = guests.badges(people, {})
        pdf = badges_pdf(Imprint(event="計測の会", version="", printed_at=clock.now()), badges)
        return [Printed(badge.code, picture) for badge, picture in zip(badges, scenes.cut(pdf), strict=False)]


def pictures(badges: Sequence[Printed], each: int) -> Iterator[tuple[str, str, bytes]]:
    """Kind, the code that has to be read, and the picture."""
    for kind, spoil in scenes.SPOILS.items():
        dice = random.Random(kind)  # noqa: S311
        for number in range(each):
            badge = badges[number % len(badges)]
            yield kind, badge.code, scenes.as_jpeg(spoil(badge.picture, dice))


def decoded_rows(context: BrowserContext, badges: Sequence[Printed], each: int) -> list[Row]:
    shown = list(pictures(badges, each))

    def hand_over(route: Route) -> None:
        route.fulfill(body=shown[int(route.request.url.rsplit("/", 1)[1])][2], content_type="image/jpeg")

    context.route("**/pictures/*", hand_over)
    page = context.new_page()
    page.goto("/door/ja/")
    read = page.evaluate(DECODE, [list(range(len(shown))), LONGEST])
    good, wrong, times = Counter[str](), 0, []
    for (kind, code, _picture), (text, milliseconds) in zip(shown, read, strict=True):
        good[kind] += text == code
        wrong += text not in ("", code)
        times.append(milliseconds)
    share = 100 * good.total() / len(shown)
    rows = [Row(f"{kind} badges read", f"{good[kind]} of {each}") for kind in scenes.SPOILS]
    return [
        *rows,
        Row("all pictures read", f"{share:.1f} %", f">= {DECODED_PERCENT:.0f} %", share >= DECODED_PERCENT),
        Row("read as something else", str(wrong), "0", wrong == 0),
        Row("a frame takes", f"{statistics.median(times):.0f} ms in the median"),
    ]


def film(badges: Sequence[Printed], file: Path) -> None:
    """Each badge for a while, with a mark in the corner, and nothing in between."""
    dice = random.Random(0)  # noqa: S311
    blank = scenes.as_jpeg(Image.new("RGB", scenes.FRAME, (70, 70, 70)))
    with file.open("wb") as stream:
        stream.write(blank * (2 * FRAMES_A_SECOND))
        for badge in badges:
            picture = scenes.scene(badge.picture, dice)
            ImageDraw.Draw(picture).rectangle((0, 0, _MARK, _MARK), fill="white")
            stream.write(scenes.as_jpeg(picture) * SHOWN_FRAMES + blank * BLANK_FRAMES)


def enrolment(home: Path, url: str, door: Door) -> str:
    with application(home, url), transaction() as session:
        waiting = stations.invite(
            session, event_id=door.event_id, part_id=door.part_id, name="受付", user_id=None, now=clock.now()
        )
        return waiting.code or ""


def verdict_row(engine: Playwright, address: str, code: str, film_file: Path, count: int) -> Row:
    browser = engine.chromium.launch(
        executable_path=chromium(),
        args=[
            "--no-sandbox",
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film_file}",
        ],
    )
    page = browser.new_context(base_url=address, viewport={"width": 820, "height": 1180}).new_page()
    page.goto(f"/door/ja/enrol?code={code}")
    page.click("text=この端末を登録する")
    page.wait_for_function("() => document.querySelector('[data-book]')?.textContent")
    page.evaluate(WATCH)
    page.click("[data-camera-button]")
    page.wait_for_function("(count) => window.told.length >= count", arg=count, timeout=120_000)
    shown, told = page.evaluate("() => [window.shown, window.told]")
    browser.close()
    waits = [min(at - began for at in told if at >= began) for began in shown[: count - 1]]
    median = statistics.median(waits)
    said = f"{median:.0f} ms in the median of {len(waits)}, {max(waits):.0f} ms at most"
    return Row("camera to verdict", said, f"<= {VERDICT_MS:.0f} ms", median <= VERDICT_MS)


def chromium() -> str:
    found = os.environ.get("EVENTOPS_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        raise SystemExit("Chromium was not found; name it in EVENTOPS_CHROMIUM.")
    return found


def measure(name: str, url: str | None, *, each: int) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="eventops-bench-") as folder:
        home = Path(folder)
        database = url or f"sqlite:///{home / 'eventops.db'}"
        door = doors.prepare(home, database)
        badges, code = printed(home, database, max(EACH, SHOWN)), enrolment(home, database, door)
        film(badges[:SHOWN], home / "badges.mjpeg")
        with installation.running(home, url) as running, sync_playwright() as engine:
            address = f"http://localhost:{running.port}"
            browser = engine.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            rows = decoded_rows(browser.new_context(base_url=address), badges, each)
            browser.close()
            rows.append(verdict_row(engine, address, code, home / "badges.mjpeg", SHOWN))
    return [Row(f"{name}: {row.name}", row.value, row.bar, row.is_met) for row in rows]


def main() -> int:
    return figures.main(measure, "Reading printed badges by camera.", each=EACH, what="pictures of each kind")


if __name__ == "__main__":
    sys.exit(main())
