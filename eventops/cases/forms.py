"""Forms of cases: what one is about, who carries it, its next stage, and what was done."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import HiddenField, SelectField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from eventops.cases import labels, queries, rules
from eventops.cases.models import Case, Coordinator, NoteKind, Origin, Stage
from eventops.cases.queries import Load
from eventops.cases.service import Frame
from eventops.directory import lookup
from eventops.directory.lookup import Lookup
from eventops.events.fields import DayField, LineField, ProseField, Required
from eventops.spreadsheets.values import BadValue

ORGANISATION = {"list": "known-organisations", "autocomplete": "off"}


class CaseForm(FlaskForm):
    """`known` is the directory, so that an organisation is found by its number or its name."""

    known = Lookup()

    revision = HiddenField()
    title = LineField(_("件名"), 160, validators=[Required()])
    organisation = LineField(
        _("支援先"), 180, validators=[Required()], description=_("番号か正式な名称。"), render_kw=ORGANISATION
    )
    partner = LineField(
        _("相手先"), 180, description=_("大手企業など。決まっていなければ空けておきます。"), render_kw=ORGANISATION
    )
    lead_id = SelectField(_("主担当"), validators=[Required()], description=_("1名。責任を持つ人です。"))
    deputy_ids = SelectMultipleField(
        _("副担当"),
        validators=[InputRequired(_("副担当を1名以上選んでください。"))],
        description=_("1名以上。主担当が不在でも案件が止まらないようにします。"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    started_on = DayField(_("始まった日"), validators=[Required()], description=_("1か月後と四半期ごとの確認の起点。"))
    next_action = LineField(_("次の行動"), 200, description=_("閲覧のみの職員にも見えます。"))
    due_on = DayField(_("次の行動の期限"))
    funding_source = LineField(
        _("事業・財源"), 80, description=_("受託事業や補助事業の名前。"), render_kw={"list": "known-funding"}
    )
    outcome = SelectField(
        _("連携の種類"),
        choices=[SelectChoice("", _("未定")), *(SelectChoice(str(key), word) for key, word in labels.OUTCOMES.items())],
    )
    amount_band = SelectField(
        _("金額の目安"), choices=[SelectChoice(key, word) for key, word in labels.AMOUNTS.items()]
    )

    def offer(self, session: Session, wanted: Collection[str] = ()) -> None:
        """Fill the lists of people: those who know the wanted fields first, with how much each carries already."""
        self.known = lookup.read(session)
        loads = queries.loads(session)
        kept = {str(self.lead_id.data), *map(str, self.deputy_ids.data or ())}
        people = [one for one in queries.coordinators(session) if one.is_active or str(one.id) in kept]
        people.sort(key=lambda one: -len(set(one.fields) & set(wanted)))
        choices = [SelectChoice(str(one.id), _carries(one, loads.get(one.id, Load()), wanted)) for one in people]
        self.lead_id.choices = [SelectChoice("", gettext("選んでください")), *choices]
        self.deputy_ids.choices = choices

    def validate_organisation(self, field: Any) -> None:
        self._find(field)

    def validate_partner(self, field: Any) -> None:
        self._find(field)

    def validate_deputy_ids(self, field: Any) -> None:
        if self.lead_id.data in (field.data or ()):
            raise ValidationError(gettext("主担当とは別の人を選んでください。"))

    def _find(self, field: Any) -> int | None:
        typed = (field.data or "").strip()
        if not typed:
            return None
        code = typed.split(maxsplit=1)[0]
        try:
            return self.known.organisations.get(code.lower()) or self.known.organisation(typed)
        except BadValue:
            raise ValidationError(
                gettext("どの団体か決められません。番号か、名簿のとおりの名称で書いてください。")
            ) from None

    def frame(self, *, origin: Origin, event_id: int | None = None, application_id: int | None = None) -> Frame:
        return Frame(
            title=self.title.data or "",
            organisation_id=self._find(self.organisation) or 0,
            partner_id=self._find(self.partner),
            lead_id=int(self.lead_id.data),
            deputy_ids=tuple(map(int, self.deputy_ids.data or ())),
            origin=origin,
            event_id=event_id,
            application_id=application_id,
            funding_source=self.funding_source.data or "",
            outcome=self.outcome.data or "",
            amount_band=self.amount_band.data or "",
            next_action=self.next_action.data or "",
            due_on=self.due_on.data,
        )


def _carries(one: Coordinator, load: Load, wanted: Collection[str]) -> str:
    fitting = "・".join(field for field in one.fields if field in wanted)
    carries = gettext("担当 %(n)s/%(most)s件", n=load.total, most=one.max_cases)
    words = [one.name, one.qualification, carries, gettext("専門 %(fields)s", fields=fitting) if fitting else ""]
    return "　".join(filter(None, words))


def of_case(case: Case) -> dict[str, Any]:
    """What the form holds for a case as it stands."""
    plain = ("revision", "title", "started_on", "next_action", "due_on", "funding_source", "outcome", "amount_band")
    return {name: getattr(case, name) for name in plain} | {
        "organisation": case.organisation.name,
        "partner": case.partner.name if case.partner else "",
        "lead_id": str(case.lead_id),
        "deputy_ids": [str(one.coordinator_id) for one in case.deputies],
    }


class StageForm(FlaskForm):
    """The next stage; what may follow is offered, nothing else."""

    stage = SelectField(_("次の段階"), validators=[Required()])
    happened_on = DayField(_("その日"), validators=[Required()], description=_("集計の年度はこの日で決まります。"))
    outcome = SelectField(
        _("連携の種類"),
        choices=[
            SelectChoice("", _("変えない")),
            *(SelectChoice(str(key), word) for key, word in labels.OUTCOMES.items()),
        ],
    )
    note = ProseField(
        _("根拠・理由"), 2000, description=_("連携成立・事業化は根拠（契約・受注など）、終了は理由。終了では必須です。")
    )

    def offer(self, present: Stage, *, today: dt.date) -> None:
        following = [stage for stage in Stage if stage in rules.MOVES[present]]
        self.stage.choices = [SelectChoice(str(stage), labels.STAGES[stage]) for stage in following]
        self.today = today

    def validate_happened_on(self, field: Any) -> None:
        if field.data is not None and field.data > self.today:
            raise ValidationError(gettext("これからの日付は入れられません。"))

    def validate_note(self, field: Any) -> None:
        if self.stage.data == Stage.CLOSED and not field.data:
            raise ValidationError(gettext("終了の理由を書いてください。"))


class NoteForm(FlaskForm):
    kind = SelectField(
        _("種類"),
        choices=[SelectChoice(str(kind), word) for kind, word in labels.NOTES.items()],
        default=NoteKind.VISIT,
    )
    happened_on = DayField(_("日付"), validators=[Required()])
    text = ProseField(
        _("内容"), 4000, validators=[Required()], description=_("職員と担当のコーディネーターだけが読めます。")
    )


class RecommendForm(FlaskForm):
    reason = LineField(
        _("推薦の理由"),
        300,
        validators=[Required()],
        description=_("大手企業と事務局が、お名前とともに読みます。秘密情報は書かないでください。"),
    )


class NextForm(FlaskForm):
    next_action = LineField(_("次の行動"), 200, validators=[Required()])
    due_on = DayField(_("期限"), validators=[Required()])
