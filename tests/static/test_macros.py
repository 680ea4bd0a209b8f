"""The shared parts of pages: labels, hints and errors are tied together; figures say what they mean."""

import re

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, Form, FormField, IntegerField, RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired

from tests.static.test_assets import TEMPLATES

FORMS = "{% from 'macros/forms.html' import field, error_summary, field_list, post_form %}"
BITS = "{% from 'macros/bits.html' import badge, capacity_bar, bar_chart, steps %}"
LISTS = "{% from 'macros/lists.html' import table_head, query_url, pagination %}"
MEMBER = [SelectChoice("m", "会員"), SelectChoice("n", "一般")]


class Attendee(Form):
    family_name = StringField("姓", [DataRequired("姓を入力してください。")])


class Application(FlaskForm):
    company = StringField("会社名", [DataRequired("会社名を入力してください。")], description="登記上の名称")
    staff = IntegerField("従業員数")
    member = RadioField("会員区分", [DataRequired("会員区分を選んでください。")], choices=MEMBER)
    attendees = FieldList(FormField(Attendee), "参加者", min_entries=2)
    agree = BooleanField("同意します", [DataRequired("同意が必要です。")])


@pytest.fixture
def pages():
    app = Flask(__name__, template_folder=str(TEMPLATES))
    app.config.update(SECRET_KEY="for tests alone", TESTING=True)
    Babel(app, default_locale="ja")
    CSRFProtect(app)
    return app


def shown(app: Flask, template: str, at: str = "/", **values: object) -> str:
    with app.test_request_context(at):
        return re.sub(r"\s+", " ", render_template_string(template, **values))


def refused_form(app: Flask) -> FlaskForm:
    with app.test_request_context("/", method="POST"):
        typed = MultiDict({"attendees-0-family_name": "", "attendees-1-family_name": "多摩"})
        form = Application(formdata=typed, meta={"csrf": False})
        assert not form.validate()
        return form


def test_a_field_ties_hint_and_error_to_its_input(pages):
    html = shown(pages, FORMS + "{{ field(form.company) }}", form=refused_form(pages))

    assert '<label for="company">会社名<span class="must">必須</span></label>' in html
    assert 'aria-describedby="company-hint company-error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index('id="company-hint"') < html.index("<input") < html.index('id="company-error"')


def test_the_summary_links_to_every_wrong_input_and_to_no_right_one(pages):
    html = shown(pages, FORMS + "{{ error_summary(form) }}", form=refused_form(pages))

    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>', html) == [
        ("company", "会社名"),
        ("member-0", "会員区分"),
        ("attendees-0-family_name", "参加者 1 姓"),
        ("agree", "同意します"),
    ]
    assert "4か所" in html


def test_a_form_without_errors_has_no_summary(pages):
    with pages.test_request_context():
        assert render_template_string(FORMS + "{{ error_summary(form) }}", form=Application()).strip() == ""


def test_numbers_are_typed_in_a_text_box(pages):
    html = shown(pages, FORMS + "{{ field(form.staff) }}", form=refused_form(pages))

    assert 'type="text"' in html
    assert 'inputmode="numeric"' in html


def test_choices_are_a_fieldset_with_a_legend(pages):
    html = shown(pages, FORMS + "{{ field(form.member) }}", form=refused_form(pages))

    assert '<legend>会員区分<span class="must">必須</span></legend>' in html
    assert html.count('type="radio"') == 2


def test_rows_can_be_added_and_removed_by_plain_buttons(pages):
    html = shown(pages, FORMS + "{{ field_list(form.attendees, most=2) }}", form=refused_form(pages))

    assert re.findall(r'name="remove_row" value="([^"]+)"', html) == ["attendees-0", "attendees-1"]
    assert re.search(r'name="add_row" value="attendees"[^>]* hidden>', html)


def test_a_posted_form_carries_its_token_once(pages):
    template = FORMS + "{% call post_form(form) %}{% endcall %}"
    with pages.test_request_context():
        assert render_template_string(template, form=Application()).count('name="csrf_token"') == 1


def test_capacity_says_taken_held_and_waiting(pages):
    html = shown(pages, BITS + "{{ capacity_bar(80, 100, 15, 3) }}")
    words = re.sub(r"<[^>]+>", "", html)

    assert words.strip() == "会場 80/100 (取置 15, 待ち 3)"
    assert 'class="bar-taken" width="160.0"' in html
    assert 'class="bar-held" x="160.0" width="30.0"' in html


def test_capacity_says_when_nothing_is_left(pages):
    words = re.sub(r"<[^>]+>", "", shown(pages, BITS + "{{ capacity_bar(92, 100, 8) }}"))

    assert words.strip() == "会場 92/100 (取置 8) 満席"


def test_capacity_without_a_limit_or_of_nothing_draws_no_bar(pages):
    assert "<svg" not in shown(pages, BITS + "{{ capacity_bar(31, none) }}")


def test_state_words_escape_what_people_typed(pages):
    html = shown(pages, BITS + "{{ badge(word, 'warn') }}", word="<b>未入金")

    assert "&lt;b&gt;未入金" in html
    assert "tone-warn" in html


def test_a_chart_is_a_table(pages):
    html = shown(pages, BITS + "{{ bar_chart('内訳', [('製造', 10), ('情報', 5)], unit='件') }}")

    assert re.findall(r'<th scope="row">([^<]+)</th><td class="num">([^<]+)</td>', html) == [
        ("製造", "10件"),
        ("情報", "5件"),
    ]
    assert re.findall(r'class="bar-taken" width="([\d.]+)"', html) == ["200.0", "100.0"]


def test_a_chart_of_nothing_says_so(pages):
    assert "まだ数えるものがありません。" in shown(pages, BITS + "{{ bar_chart('内訳', []) }}")


def test_sorting_keeps_the_filters_and_turns_round(pages):
    columns = [{"label": "氏名", "key": "name"}, {"label": "会社", "key": "org"}]
    head = LISTS + "{{ table_head(columns, 'name', 'asc') }}"
    html = shown(pages, head, at="/?state=paid&state=held&page=4&sort=name&dir=asc", columns=columns)

    assert re.findall(r'href="([^"]+)"', html) == [
        "?state=paid&amp;state=held&amp;sort=name&amp;dir=desc",
        "?state=paid&amp;state=held&amp;sort=org&amp;dir=asc",
    ]
    assert html.count('aria-sort="ascending"') == 1


def test_a_hostile_query_stays_a_query(pages):
    html = shown(pages, LISTS + "{{ pagination(1, 2) }}", at="/?_scheme=javascript&q=%22%3E%3Cscript%3E")

    assert 'href="?_scheme=javascript&amp;q=%22%3E%3Cscript%3E&amp;page=2"' in html


def test_steps_say_their_state_in_words(pages):
    items = [
        {"label": "公開", "state": "done"},
        {"label": "選考", "state": "late", "action_url": "/x", "action_label": "催促"},
    ]
    html = shown(pages, BITS + "{{ steps(items) }}", items=items)

    assert "</svg>済</span>" in html
    assert "</svg>遅れ</span>" in html
    assert html.count('class="btn') == 1
