"""The files that a station keeps, so that its page opens and scans without a network; and one name for their state."""

import hashlib
from functools import cache
from pathlib import Path

from flask import current_app, url_for

from eventops.languages import LANGUAGES

STATIC = (
    "css/tokens.css",
    "css/base.css",
    "css/forms.css",
    "css/door.css",
    "css/reception.css",
    "css/print.css",
    "img/icon.svg",
    "img/icon-192.png",
    "img/icon-512.png",
    "js/confirm.js",
    "js/door-book.js",
    "js/door-desk.js",
    "js/door-enrol.js",
    "js/door-link.js",
    "js/door-overrule.js",
    "js/door-queue.js",
    "js/door-search.js",
    "js/door-sheets.js",
    "js/door-store.js",
    "js/door.js",
    "js/forms.js",
    "js/kana.js",
    "js/rows.js",
    "js/scan-camera.js",
    "js/scan-decode-worker.js",
    "js/scan-decoder.js",
    "js/scan-keys.js",
    "js/scan-optics.js",
    "js/scan-sounds.js",
    "js/scan-verdict.js",
    "vendor/zxing-wasm/es/reader/index.js",
    "vendor/zxing-wasm/es/share.js",
    "vendor/zxing-wasm/reader/zxing_reader.wasm",
)
_PAGES = ("checkin.door", "checkin.door_manifest")
_WRITTEN = (
    "checkin/door.html",
    "checkin/door_desk.html",
    "checkin/worker.js",
    "checkin/manifest.json",
    "layout",
    "macros",
)


def files() -> list[str]:
    """Addresses of all of them: the pages in each language, and what they load."""
    pages = [url_for(page, lang=lang) for page in _PAGES for lang in LANGUAGES]
    return [*pages, *(url_for("static", filename=name) for name in STATIC)]


def version() -> str:
    """Another one as soon as any file, page or translation is another."""
    root = Path(current_app.root_path)
    return _digest(root, Path(str(current_app.template_folder)))


@cache
def _digest(root: Path, templates: Path) -> str:
    digest = hashlib.sha256()
    written = [file for name in _WRITTEN for file in sorted((templates / name).rglob("*.html")) or [templates / name]]
    for file in (*(root / "static" / name for name in STATIC), *written, *sorted(root.rglob("*.mo"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
