"""What browsers are sent: unchanged vendored scripts, light guest pages, nothing that a strict policy would refuse."""

import gzip
import hashlib
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "eventops" / "static"
TEMPLATES = ROOT / "templates"
PAGES = [path for path in TEMPLATES.rglob("*.html") if "mail" not in path.parts]
GUEST = ("css/tokens.css", "css/base.css", "css/forms.css", "css/public.css", "css/print.css", "img/icon.svg")
GUEST_SCRIPTS = ("js/forms.js", "js/kana.js", "js/rows.js", "js/confirm.js")


def vendored() -> list[dict]:
    return tomllib.loads((STATIC / "vendor" / "vendored.toml").read_text())["package"]


def test_vendored_files_are_as_recorded():
    for package in vendored():
        for file in package["files"]:
            content = (STATIC / "vendor" / file["to"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == file["sha256"], file["to"]


def test_nothing_lies_in_vendor_unrecorded():
    recorded = {file["to"] for package in vendored() for file in package["files"]}
    present = {str(path.relative_to(STATIC / "vendor")) for path in (STATIC / "vendor").rglob("*") if path.is_file()}

    assert present - recorded == {"vendored.toml"}


def test_a_guest_page_weighs_less_than_20_kilobytes_without_its_words():
    sizes = [len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in (*GUEST, *GUEST_SCRIPTS)]

    assert sum(sizes) < 20_000


def test_pages_need_no_inline_style_or_script():
    inline = re.compile(
        r"""\sstyle\s*=\s*["']|\son(click|load|change|submit|input|error)\s*=|<style|<script(?![^>]*\ssrc=)"""
    )
    found = {str(page.relative_to(ROOT)): inline.findall(page.read_text()) for page in PAGES}

    assert {page: hits for page, hits in found.items() if hits} == {}


def test_pages_and_styles_load_nothing_from_elsewhere():
    foreign = re.compile(r"""(?:src|href)=["'](?:https?:)?//|url\(["']?(?:https?:)?//|@import""")
    styles = list((STATIC / "css").glob("*.css"))

    assert [str(path.relative_to(ROOT)) for path in (*PAGES, *styles) if foreign.search(path.read_text())] == []
