"""The application form of an event: one company, one applicant, up to ten attendees, each with parts of their own."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventops.events.english import said
from eventops.events.fields import LineField, ProseField, Required
from eventops.events.models import Event, Mode
from eventops.languages import language
from eventops.questions.rules import Asked
from eventops.registration import host_consents, host_words, labels
from eventops.registration.answers import asking
from eventops.registration.commands import Agreement, Application, Claim, Entrant, PersonDetails
from eventops.registration.fields import (
    AddressAgainField,
    AddressField,
    NameField,
    PhoneField,
    ReadingField,
    company_reading,
)
from eventops.registration.models import IfFull, PaymentMethod, Source

ABSENT = "none"
PART = "part_{}"
SHARE = "share_{}"


class PersonForm(Form):
    """What is asked of everybody who comes."""

    family_name = NameField(_("姓"), 40, render_kw={"data-kana-target": "family_kana"})
    given_name = NameField(lazy_pgettext("person", "名"), 40, render_kw={"data-kana-target": "given_kana"})
    family_kana = ReadingField(_("セイ"), 40)
    given_kana = ReadingField(_("メイ"), 40)
    department = NameField(_("部署"), 80, must=False)
    job_title = NameField(_("役職"), 80, must=False)
    email = AddressField(_("メールアドレス"), must=False)
    dietary_need = LineField(_("食事の配慮(アレルギーなど)"), 200)
    accommodation_request = LineField(_("配慮のご希望(車いす・筆談・手話・お席など)"), 200)
    list_consent = BooleanField(_("参加者名簿(氏名・会社名・役職)への掲載に同意する"))
    photo_consent = BooleanField(_("会場で撮影した写真の掲載に同意する"))

    hosts: Sequence[host_consents.Asked] = ()

    def share_fields(self) -> list[BooleanField]:
        """The field of each host that may be given people."""
        return [self._fields[SHARE.format(one.id)] for one in self.hosts]

    def shares(self) -> dict[str, Agreement]:
        """The hosts that were ticked, with what the form told of each."""
        pairs = zip(self.hosts, self.share_fields(), strict=True)
        return {one.host: host_words.agreement(one) for one, field in pairs if field.data}

    def details(self) -> PersonDetails:
        names = PersonDetails.__slots__
        return PersonDetails(**{name: field.data for name, field in self._fields.items() if name in names})


class EntrantForm(PersonForm):
    """An attendee of an application; the parts of the event are added by `form_for`."""

    is_outside = BooleanField(_("お申込みの会社の所属ではない(一般の参加費になります)"))

    def parts(self) -> dict[int, RadioField]:
        """The field of each part."""
        prefix = PART.format("")
        return {
            int(name.removeprefix(prefix)): cast("RadioField", field)
            for name, field in self._fields.items()
            if name.startswith(prefix)
        }


def in_choices(_form: Form, field: Any) -> None:
    """Unlike the library's own check, lets "nothing chosen" pass: the form as a whole judges that."""
    if field.data and field.data not in {choice.value for choice in field.choices}:
        raise ValidationError(_("表示されている中から選んでください。"))


def choice_field(label: Any, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> RadioField:
    """A choice of which nothing is chosen beforehand."""
    validators = [*kwargs.pop("validators", []), in_choices]
    options = [SelectChoice(value, word) for value, word in choices]
    return RadioField(label, choices=options, validators=validators, validate_choice=False, **kwargs)


class ApplicationForm(FlaskForm):
    """The whole form, in the order in which applicants expect it."""

    organisation_name = NameField(
        _("会社・団体名"),
        160,
        description=_("個人の方は「個人」とご入力ください。"),
        render_kw={"autocomplete": "organization"},
    )
    organisation_kana = ReadingField(
        _("会社・団体名のフリガナ"),
        160,
        filters=[company_reading],
        description=_("「カブシキガイシャ」などは除きます。"),
    )
    claim = choice_field(_("会員区分"), list(labels.CLAIMS.items()), validators=[Required()])
    attendees: FieldList
    if_full = choice_field(_("満席の場合"), [])
    together = choice_field(
        _("2名以上でお申し込みの場合の、キャンセル待ちのしかた"), list(labels.TOGETHER.items()), default="apart"
    )
    email = AddressField(
        _("メールアドレス"),
        description=_("受付のお知らせと参加証をお送りします。"),
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )
    email_again = AddressAgainField(
        _("メールアドレス(確認用)"),
        "email",
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )
    phone = PhoneField(_("電話番号"), render_kw={"autocomplete": "tel"})
    applicant_name = NameField(_("申込者の氏名"), 80, must=False)
    applicant_kana = ReadingField(_("申込者のフリガナ"), 80, must=False)
    payment_method = choice_field(
        _("お支払い方法"),
        [(method, labels.PAYMENTS[method]) for method in PaymentMethod if method != PaymentMethod.NONE],
    )
    receipt_name = NameField(_("領収書の宛名"), 160, must=False, description=_("空欄のときは会社・団体名になります。"))
    message = ProseField(_("質問・事務局への連絡"), 2000)
    mail_opt_in = BooleanField(_("次回以降の催しの案内メールを受け取る"))
    tells_attendees = BooleanField(
        _("参加者にも、ご本人の参加証をメールで送る"),
        description=_("参加者の欄にメールアドレスをご記入ください。申込者と同じアドレスには重ねて送りません。"),
    )
    privacy = BooleanField(_("個人情報の取り扱いに同意する"), validators=[Required()])
    uses_reserve = BooleanField(_("満席のときは取置枠を使う"))
    submission_key = HiddenField("")
    reference = StringField(_("この欄には何も入力しないでください"))

    event: Event
    by_staff: bool
    questions: Sequence[Asked] = ()

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        fields_are_well = super().validate(extra_validators)
        choices_are_well = all([self._parts_are_chosen(), self._overflow_is_chosen(), self._payment_is_chosen()])
        are_answered = self.by_staff or asking.are_answered(self.questions, self, self._rows())
        return all([fields_are_well, choices_are_well, are_answered, self._applicant_is_named(), self._is_human()])

    def wishes(self) -> list[dict[int, Mode]]:
        """The chosen parts of each attendee; what an attendee leaves open is as for the first."""
        first = {part_id: field.data for part_id, field in self._rows()[0].parts().items()}
        chosen = [
            {part_id: field.data or first.get(part_id) for part_id, field in row.parts().items()}
            for row in self._rows()
        ]
        return [{part_id: Mode(value) for part_id, value in row.items() if value in set(Mode)} for row in chosen]

    def command(self, *, language: str) -> Application:
        """What was typed, as the service takes it."""
        first, typed = self._rows()[0], self.data
        entrants = tuple(
            Entrant(
                details=row.details(),
                wishes=wishes,
                is_outside=bool(row.is_outside.data),
                shares=row.shares(),
                answers=asking.person_answers(self.questions, self, row),
            )
            for row, wishes in zip(self._rows(), self.wishes(), strict=True)
        )
        return Application(
            event_id=self.event.id,
            organisation_name=self.organisation_name.data or "",
            organisation_kana=self.organisation_kana.data or "",
            claim=Claim(self.claim.data),
            applicant_name=self.applicant_name.data or f"{first.family_name.data} {first.given_name.data}",
            applicant_kana=self.applicant_kana.data or f"{first.family_kana.data} {first.given_kana.data}",
            email=self.email.data or "",
            phone=self.phone.data or "",
            entrants=entrants,
            if_full=IfFull(typed.get("if_full") or IfFull.WAIT),
            payment_method=PaymentMethod(typed.get("payment_method") or PaymentMethod.NONE),
            receipt_name=typed.get("receipt_name") or "",
            message=self.message.data or "",
            mail_opt_in=bool(self.mail_opt_in.data),
            keeps_together=typed.get("together") == "together",
            tells_attendees=bool(self.tells_attendees.data),
            language=language,
            told={} if self.by_staff else self._told(),
            submission_key=typed.get("submission_key") or None,
            source=Source.STAFF if self.by_staff else Source.PUBLIC,
            uses_reserve=self.by_staff and bool(typed.get("uses_reserve")),
            answers=asking.company_answers(self.questions, self),
        )

    def privacy_words(self) -> str:
        """What stands above the box for personal data."""
        return said(self.event, "privacy_notice", language()) or gettext(
            "ご記入いただいた情報は、この行事の運営とご連絡のために使います。"
        )

    def _told(self) -> dict[str, str]:
        """What the applicant agrees to by sending this, word for word."""
        first = self._rows()[0]
        found = {"privacy": self.privacy_words()}
        if self.mail_opt_in.data:
            found["mail_opt_in"] = str(self.mail_opt_in.label.text)
        for name in ("list_consent", "photo_consent"):
            if any(getattr(row, name).data for row in self._rows()):
                found[name] = str(getattr(first, name).label.text)
        return {**found, "version": host_words.mark_of(found["privacy"])}

    def asked(self, form: Any) -> list[tuple[Asked, Any]]:
        """The event's questions that stand in this form, or in that of a person, with their fields."""
        return asking.pairs(self.questions, form)

    def proofs(self) -> list[tuple[str, str]]:
        """Hidden fields for the files that were handed in with the form."""
        return asking.proofs([self, *self._rows()])

    def edits_rows(self, typed: Mapping[str, str]) -> bool:
        """Do what the buttons for adding and removing people ask for; False when none of them was pressed."""
        if "add_row" in typed and len(self.attendees) < self.event.group_size_max:
            self.attendees.append_entry()
        if "remove_row" in typed and len(self.attendees) > 1:
            self.attendees.entries = [entry for entry in self.attendees.entries if entry.name != typed["remove_row"]]
        return "add_row" in typed or "remove_row" in typed

    def blame(self, field_name: str, text: str, *, entrant: int = 0, part_id: int | None = None) -> None:
        """Put a refusal of the service beside the field that it is about."""
        rows = self._rows()
        parts = rows[min(entrant, len(rows) - 1)].parts()
        field = parts[part_id] if part_id in parts else self._fields[field_name]
        field.errors = [*field.errors, text]

    def _rows(self) -> list[EntrantForm]:
        return [entry.form for entry in self.attendees.entries]

    def _parts_are_chosen(self) -> bool:
        first = self._rows()[0].parts()
        unanswered = [field for field in first.values() if not field.data]
        for field in unanswered:
            field.errors = [gettext("どちらかを選んでください。")]
        nothing = [row for row, wishes in zip(self._rows(), self.wishes(), strict=True) if not wishes]
        for row in nothing if not unanswered else ():
            field = next(iter(row.parts().values()))
            field.errors = [gettext("参加する区分を1つ以上選んでください。")]
        return not unanswered and not nothing

    def _overflow_is_chosen(self) -> bool:
        if "if_full" not in self or self.if_full.data:
            return True
        self.if_full.errors = [gettext("満席だった場合の希望を選んでください。")]
        return False

    def _payment_is_chosen(self) -> bool:
        if "payment_method" not in self or self.payment_method.data or not self._could_owe():
            return True
        self.payment_method.errors = [gettext("お支払い方法を選んでください。")]
        return False

    def _could_owe(self) -> bool:
        wished = {mode for row in self.wishes() for mode in row.values()}
        return any(fee.yen and fee.mode in wished for fee in self.event.fees)

    def _applicant_is_named(self) -> bool:
        if bool(self.applicant_name.data) == bool(self.applicant_kana.data):
            return True
        empty = self.applicant_kana if self.applicant_name.data else self.applicant_name
        empty.errors = [gettext("入力してください。")]
        return False

    def _is_human(self) -> bool:
        if self.by_staff or not self.reference.data:
            return True
        self.form_errors.append(gettext("自動送信と判定されました。お手数ですが、事務局までご連絡ください。"))
        return False
