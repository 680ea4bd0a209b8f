"""A file of 100 MB sent by a real browser to the real server: a page in words, not a broken connection."""

import os

import pytest
from playwright.sync_api import sync_playwright

from tests.launch.test_launch import launched

ADD_A_FILE_FIELD = """() => {
  const form = document.querySelector('form');
  form.enctype = 'multipart/form-data';
  const field = document.createElement('input');
  Object.assign(field, {type: 'file', name: 'file', id: 'large'});
  form.append(field);
}"""


@pytest.mark.browser
def test_a_browser_shows_why_a_file_is_too_large(tmp_path):
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    with launched(tmp_path / "home") as installation, sync_playwright() as playwright:
        installation.read_until("Stop with Ctrl-C")
        program = os.environ.get("EVENTOPS_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://localhost:{installation.port}/staff/first-start")
        page.evaluate(ADD_A_FILE_FIELD)
        page.set_input_files("#large", large)
        with page.expect_navigation() as navigation:
            page.evaluate("() => document.querySelector('form').submit()")
        assert navigation.value.status == 413
        assert "大きすぎます" in page.inner_text("main")
        browser.close()
