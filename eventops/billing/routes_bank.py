"""The bank's lines across all events: reading a file in, suggestions, and what staff decide about each line."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventops import clock, searching, words
from eventops.accounts.permissions import Permission, require
from eventops.billing import bank, bank_words, debts, labels, matching
from eventops.billing.blueprint import bp
from eventops.billing.matching import Piece, Suggestion
from eventops.billing.models import BankLine, LineState
from eventops.billing.owing import Book, Transfer
from eventops.billing.refusals import BadAmount, FileKnown, UnreadableBankFile
from eventops.database import read_session, transaction
from eventops.directory import lookup
from eventops.directory.lookup import Lookup
from eventops.errors import DomainError
from eventops.uploads import Upload

HIGHEST_PAGE = 10_000
IGNORE_REASONS = (
    lazy_gettext("年会費"),
    lazy_gettext("利息"),
    lazy_gettext("ほかの事業の入金"),
    lazy_gettext("誤って振り込まれた（返金予定）"),
)


class BankFileForm(FlaskForm):
    file = FileField(
        lazy_gettext("銀行のファイル"),
        validators=[FileRequired(message=lazy_gettext("ファイルを選んでください。"))],
        description=lazy_gettext("入出金明細の CSV か、全銀形式（振込入金通知・入出金取引明細）。"),
        render_kw={"accept": ".csv,.txt,.dat,.tsv"},
    )


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the bank with what may be done about it."""

    line: BankLine
    left_yen: int
    suggestions: Sequence[Suggestion]
    named: Sequence[str]


@bp.get("/staff/bank", endpoint="bank")
@require(Permission.MANAGE_MONEY)
def bank_page() -> ResponseReturnValue:
    return _page(BankFileForm(formdata=None))


def _page(form: BankFileForm, status: int = 200) -> ResponseReturnValue:
    session = read_session()
    asked = request.args.get("state", LineState.OPEN)
    state = LineState(asked) if asked in set(LineState) else None
    page = min(max(request.args.get("page", 1, type=int), 1), HIGHEST_PAGE)
    found = debts.lines(session, state=state, page=page)
    counts = debts.counts(session)
    number = counts.get(state, 0) if state else sum(counts.values())
    known = debts.open_applications(session)
    wanted, text = request.args.get("line", 0, type=int), searching.text()
    answer = render_template(
        "billing/bank.html",
        form=form,
        views=_views(session, found, debts.book(session, known)),
        entries=debts.entries(session, [line.id for line in found]),
        open_by_id={one.registration_id: one for one in known},
        counts=counts,
        state=state,
        page=page,
        pages=-(-number // debts.PAGE),
        number=number,
        wanted=wanted,
        text=text,
        found=debts.search(session, text) if wanted and text else [],
        ignore_reasons=IGNORE_REASONS,
        labels=labels,
        said=bank_words.reasons,
        by_hand=matching.by_hand,
    )
    return answer, status


def _views(session: Session, found: Sequence[BankLine], book: Book) -> list[LineView]:
    others = debts.open_transfers(session)
    done = debts.laid_out(session, [line.id for line in found])
    register = functools.cache(lambda: lookup.read(session))  # read only where nobody of that name owes anything
    return [_view(line, line.yen - done.get(line.id, 0), book, others, register) for line in found]


def _view(
    line: BankLine, left: int, book: Book, others: Sequence[Transfer], register: Callable[[], Lookup]
) -> LineView:
    if line.state != LineState.OPEN or left <= 0:
        return LineView(line, left, (), ())
    suggestions = matching.suggest(Transfer(line.id, line.payer, left), book, others=others)
    return LineView(line, left, suggestions, () if suggestions else _named(line, register()))


def _named(line: BankLine, register: Lookup) -> list[str]:
    """Who the payer is by the directory, where nobody of that name owes anything."""
    return [register.organisation_words[found] for found in register.register.match(line.payer).ids[:3]]


@bp.post("/staff/bank")
@require(Permission.MANAGE_MONEY)
def import_bank_file() -> ResponseReturnValue:
    form = BankFileForm()
    if not form.validate():
        return _page(form, 422)
    upload = Upload(form.file.data.filename or "", form.file.data.read())
    try:
        with transaction() as session:
            made = bank.import_file(session, upload, actor_id=current_user.id, now=clock.now())
    except (UnreadableBankFile, FileKnown) as refusal:
        form.file.errors = [words.sentence(refusal)]
        return _page(form, 422)
    except IntegrityError:  # somebody else read the same file in at this very moment
        form.file.errors = [_("同じファイルが取り込まれたところです。画面を読み込み直してください。")]
        return _page(form, 422)
    flash(
        _(
            "新しい明細 %(new)s件を取り込みました（取込済みのため除いた明細 %(known)s件）。"
            "番号と金額が一致した %(booked)s件は自動で消し込みました。",
            new=made.new,
            known=made.known,
            booked=made.booked,
        ),
        "ok",
    )
    return redirect(url_for(".bank"))


@bp.post("/staff/bank/<int:line_id>/book")
@require(Permission.MANAGE_MONEY)
def book_line(line_id: int) -> ResponseReturnValue:
    """One press: the pieces of a suggestion, with what was open on each when it was shown."""
    pieces, seen = _pieces(request.form.getlist("piece"))
    return _settled(
        lambda session, actor_id: bank.book(
            session, line_id=line_id, pieces=pieces, seen_open=seen, actor_id=actor_id, now=clock.now()
        ),
        _("消し込みました。"),
    )


def _pieces(sent: Sequence[str]) -> tuple[list[Piece], list[int]]:
    """Each as application:yen:fee:open."""
    try:
        numbers = [tuple(map(int, piece.split(":"))) for piece in sent]
        return [Piece(one, yen, fee) for one, yen, fee, _open in numbers], [still for *_, still in numbers]
    except ValueError:
        raise BadAmount from None


@bp.post("/staff/bank/<int:line_id>/ignore")
@require(Permission.MANAGE_MONEY)
def ignore_line(line_id: int) -> ResponseReturnValue:
    reason = (request.form.get("other") or request.form.get("reason") or "").strip()[:200]
    if not reason:
        flash(_("対象外にする理由を選ぶか、入力してください。"), "bad")
        return redirect(url_for(".bank"))
    return _settled(
        lambda session, actor_id: bank.ignore(
            session, line_id=line_id, reason=reason, actor_id=actor_id, now=clock.now()
        ),
        _("対象外にしました。"),
    )


@bp.post("/staff/bank/<int:line_id>/reopen")
@require(Permission.MANAGE_MONEY)
def reopen_line(line_id: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()[:200] or _("消込の取り消し")
    return _settled(
        lambda session, actor_id: bank.reopen(
            session, line_id=line_id, reason=reason, actor_id=actor_id, now=clock.now()
        ),
        _("未処理に戻しました。"),
    )


def _settled(act: Callable[[Session, int], None], said: str) -> ResponseReturnValue:
    actor_id = current_user.id
    try:
        with transaction() as session:
            act(session, actor_id)
    except DomainError as refusal:
        flash(words.sentence(refusal), "bad")
    else:
        flash(said, "ok")
    return redirect(url_for(".bank", state=request.form.get("state") or None))
