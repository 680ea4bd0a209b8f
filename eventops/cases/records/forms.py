"""The record and questionnaire of one side: three taps and a sentence, the rest for who has more to say."""

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from eventops.cases.records import labels
from eventops.cases.records.models import MeetingRecord
from eventops.cases.records.service import Answers
from eventops.directory.models import Person
from eventops.events.fields import DayField, ProseField

MUST = InputRequired(_("選んでください。"))


class RecordForm(FlaskForm):
    satisfaction = RadioField(
        _("この面談の満足度"),
        choices=[SelectChoice(str(number), word) for number, word in labels.SATISFACTION.items()],
        validators=[MUST],
    )
    continuation = RadioField(
        _("今後について"),
        choices=[SelectChoice(str(key), word) for key, word in labels.CONTINUATIONS.items()],
        validators=[MUST],
    )
    wants_second = RadioField(
        _("2回目の面談"),
        choices=[SelectChoice("yes", _("希望する")), SelectChoice("no", _("希望しない"))],
        validators=[MUST],
        description=_("双方が希望した場合だけ、お互いにお知らせします。一方だけの希望は相手に伝わりません。"),
    )
    comment = ProseField(
        _("一言（任意）"), 2000, description=_("事務局と担当のコーディネーターだけが読みます。相手には見えません。")
    )
    talked = ProseField(_("話した内容"), 4000)
    next_step = SelectField(
        _("次の行動"),
        choices=[
            SelectChoice("", _("未定")),
            *(SelectChoice(str(key), word) for key, word in labels.NEXT_STEPS.items()),
        ],
    )
    next_on = DayField(_("次の行動の時期"))
    fit = SelectField(
        _("相手の選び方（期待に合っていたか）"),
        choices=[SelectChoice("", "―"), *(SelectChoice(str(key), word) for key, word in labels.SATISFACTION.items())],
    )
    length = SelectField(
        _("面談の長さ"),
        choices=[SelectChoice("", "―"), *(SelectChoice(str(key), word) for key, word in labels.LENGTHS.items())],
    )
    person_id = SelectField(_("記入した方"))
    share_consent = BooleanField(
        description=_(
            "「記入した方」ご本人の同意です。以前にいただいた同意はそのまま残ります。取り消しは事務局へどうぞ。"
        )
    )
    hosts_shown = HiddenField()

    def offer(self, people: Sequence[Person], hosts: Sequence[str]) -> None:
        """The names to choose from, and the sentence about these hosts: a tick means those that it showed."""
        self.agreed_hosts = [one for one in (self.hosts_shown.data or "").splitlines() if one in hosts]
        self.hosts_shown.data = "\n".join(hosts)
        none = SelectChoice("", gettext("選ばない"))
        self.person_id.choices = [none, *(SelectChoice(str(one.id), one.full_name) for one in people)]
        self.share_consent.label.text = gettext(
            "氏名・会社名などを共催者（%(hosts)s）に提供することに同意する", hosts="、".join(hosts)
        )

    def read(self, record: MeetingRecord | None, people: Sequence[Person]) -> None:
        """What was said before, but nobody's consent: another may be writing. One person alone is named at once."""
        if record is not None:
            self.wants_second.data = "yes" if record.wants_second else "no"
            self.satisfaction.data = str(record.satisfaction)
            self.fit.data = str(record.fit or "")
        chosen = record.person_id if record else people[0].id if len(people) == 1 else None
        self.person_id.data = str(chosen or "")

    def answers(self) -> Answers:
        return Answers(
            satisfaction=int(self.satisfaction.data),
            continuation=self.continuation.data,
            wants_second=self.wants_second.data == "yes",
            comment=self.comment.data or "",
            talked=self.talked.data or "",
            next_step=self.next_step.data or "",
            next_on=self.next_on.data,
            fit=int(self.fit.data) if self.fit.data else None,
            length=self.length.data or "",
            person_id=int(self.person_id.data) if self.person_id.data else None,
        )
