"""The small scripts in a real browser under the strict policy: rows, kana, digits, questions, progress, QR codes."""

import io
import os
import shutil
import threading
from collections.abc import Iterator

import pytest
import qrcode
from flask import Flask, Response, render_template_string, request
from flask_babel import Babel
from flask_wtf import CSRFProtect, FlaskForm
from playwright.sync_api import Page, sync_playwright
from qrcode.image.pil import PilImage
from werkzeug.serving import make_server
from wtforms import BooleanField, FieldList, Form, FormField, StringField, TelField
from wtforms.validators import DataRequired

from eventops.web import CONTENT_SECURITY_POLICY
from tests.static.test_assets import STATIC, TEMPLATES

pytestmark = pytest.mark.browser

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

PAGE = """
{% extends 'layout/public.html' %}
{% from 'macros/forms.html' import field, field_list, post_form, submit %}
{% from 'macros/bits.html' import post_button, job_progress %}
{% block heading %}試し{% endblock %}
{% block content %}
{% call post_form(form) %}
{{ field(form.phone) }}
{{ field_list(form.attendees, most=3) }}
{{ submit('送る') }}
{% endcall %}
{{ post_button('取り消す', '/cancelled', confirm='取り消しますか。') }}
{% set seen = {'percent': none, 'message': '準備', 'figures': []} %}
{% if request.args.job %}{{ job_progress('/job.json', '作成中', seen, '/', done_url='/done') }}{% endif %}
{% endblock %}
{% block scripts %}<script type="module" src="/static/js/progress.js"></script>{% endblock %}
"""

READ_QR = """async () => {
  const reader = await import('/static/vendor/zxing-wasm/es/reader/index.js');
  const wasm = '/static/vendor/zxing-wasm/reader/zxing_reader.wasm';
  reader.prepareZXingModule({ overrides: { locateFile: () => wasm } });
  const picture = await (await fetch('/qr.png')).blob();
  return (await reader.readBarcodes(picture, { formats: ['QRCode'] })).map((found) => found.text);
}"""


class Attendee(Form):
    family_name = StringField("姓", [DataRequired("必要です。")], render_kw={"data-kana-target": "family_kana"})
    family_kana = StringField("セイ", render_kw={"data-kana": True})
    dinner = BooleanField("交流会")


class Application(FlaskForm):
    phone = TelField("電話", [DataRequired("必要です。")])
    attendees = FieldList(FormField(Attendee), "参加者", min_entries=1)


def small_app() -> Flask:
    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=str(STATIC))
    app.config["SECRET_KEY"] = "for tests alone"
    Babel(app, default_locale="ja")
    CSRFProtect(app)
    app.add_url_rule("/", view_func=form_page, methods=["GET", "POST"])
    app.add_url_rule("/cancelled", view_func=lambda: "cancelled", endpoint="cancelled", methods=["POST"])
    app.add_url_rule("/done", view_func=lambda: "all done", endpoint="done")
    app.add_url_rule("/job.json", view_func=lambda: {"percent": 100, "message": "完成", "done": True}, endpoint="job")
    app.add_url_rule("/favicon.ico", view_func=lambda: ("", 204), endpoint="icon")
    app.add_url_rule("/qr.png", view_func=qr_picture)
    app.after_request(strict)
    return app


def form_page() -> str:
    form = Application()
    form.validate_on_submit()
    return render_template_string(PAGE, form=form, sent=request.method == "POST")


def qr_picture() -> Response:
    stream = io.BytesIO()
    qrcode.make("TMA-7K2F9Q-1", image_factory=PilImage).save(stream)
    return Response(stream.getvalue(), mimetype="image/png")


def strict(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, small_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    found = os.environ.get("EVENTOPS_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)))
    with sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, address) -> Iterator[Page]:
    complaints: list[str] = []
    page = browser.new_page(base_url=address)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/")
    yield page
    page.close()
    assert complaints == []


def names(page: Page) -> list[str]:
    return [box.get_attribute("name") or "" for box in page.locator("[data-row] input").all()]


def test_a_new_row_is_empty_and_numbered_and_keeps_the_others(page):
    page.fill("#attendees-0-family_name", "多摩")
    page.check("#attendees-0-dinner")
    page.click("[data-add-row]")

    assert names(page)[3:] == ["attendees-1-family_name", "attendees-1-family_kana", "attendees-1-dinner"]
    assert page.input_value("#attendees-1-family_name") == ""
    assert not page.is_checked("#attendees-1-dinner")
    assert page.input_value("#attendees-0-family_name") == "多摩"
    assert page.is_checked("#attendees-0-dinner")


def test_removing_a_row_closes_the_gap_and_limits_hide_the_buttons(page):
    page.click("[data-add-row]")
    page.fill("#attendees-1-family_name", "佐藤")
    page.click("[data-add-row]")
    assert not page.is_visible("[data-add-row]")

    page.click("#attendees-0 [data-remove-row]")
    page.click("#attendees-1 [data-remove-row]")

    assert page.input_value("#attendees-0-family_name") == "佐藤"
    assert len(names(page)) == 3
    assert not page.is_visible("[data-remove-row]")
    assert page.is_visible("[data-add-row]")


def test_wide_digits_become_narrow_and_kana_katakana(page):
    page.fill("#phone", "０４２ー６３１−１１４０")
    page.fill("#attendees-0-family_kana", "ﾀﾏ たろう")
    page.press("#attendees-0-family_kana", "Tab")

    assert page.input_value("#phone") == "042-631-1140"
    assert page.input_value("#attendees-0-family_kana") == "タマ タロウ"


def compose(page: Page, stages: list[str], result: str) -> None:
    """Types as a Japanese input method does: readings first, the chosen characters at the end."""
    keyboard = page.context.new_cdp_session(page)
    for stage in stages:
        ends = {"selectionStart": len(stage), "selectionEnd": len(stage)}
        keyboard.send("Input.imeSetComposition", {"text": stage, **ends})
    keyboard.send("Input.insertText", {"text": result})


def test_kana_follows_the_name_until_it_is_written_by_hand(page):
    page.focus("#attendees-0-family_name")
    compose(page, ["t", "た", "たk", "たか", "たかは", "たかはし", "高橋"], "髙橋")
    assert page.input_value("#attendees-0-family_kana") == "タカハシ"

    page.fill("#attendees-0-family_kana", "コウハシ")
    page.fill("#attendees-0-family_name", "")
    page.focus("#attendees-0-family_name")
    compose(page, ["さ", "さと", "佐藤"], "佐藤")

    assert page.input_value("#attendees-0-family_kana") == "コウハシ"


def test_errors_get_the_focus_and_lead_to_the_field(page):
    page.click("text=送る")
    page.wait_for_selector("[data-error-summary]:focus")
    page.click("[data-error-summary] a >> nth=1")

    assert page.locator(":focus").get_attribute("id") == "attendees-0-family_name"


def test_a_question_is_asked_before_the_act(page):
    page.click("text=取り消す")
    assert page.inner_text("dialog[open] p") == "取り消しますか。"
    page.click("dialog >> text=やめる")
    page.wait_for_selector("dialog", state="detached")
    assert page.url.endswith("/")

    page.click("text=取り消す")
    page.click("dialog [value=yes]")
    page.wait_for_url("**/cancelled")


def test_a_finished_job_leads_on(page):
    page.goto("/?job=1")
    page.wait_for_url("**/done")


def test_the_kept_reader_reads_a_code_from_our_own_address(page):
    assert page.evaluate(READ_QR) == ["TMA-7K2F9Q-1"]
