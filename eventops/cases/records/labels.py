"""What the stored values of meeting records are called on screens."""

from flask_babel import lazy_gettext as _

from eventops.cases.records.models import Continuation, Length, NextStep, Side
from eventops.cases.records.queries import Show

SHOW = {
    Show.ALL: _("すべて"),
    Show.MISSING: _("未記入あり"),
    Show.AGAIN: _("双方が2回目を希望"),
    Show.NO_CASE: _("双方が希望・案件なし"),
}
SIDES = {Side.HOST: _("大手側"), Side.GUEST: _("応募企業側")}
SATISFACTION = {5: _("5 とても良い"), 4: _("4 良い"), 3: _("3 ふつう"), 2: _("2 やや不満"), 1: _("1 不満")}
CONTINUATIONS = {Continuation.YES: _("続けたい"), Continuation.MAYBE: _("検討中"), Continuation.NO: _("見送り")}
CONTINUATION_TONES = {Continuation.YES: "ok", Continuation.MAYBE: "info", Continuation.NO: "neutral"}
NEXT_STEPS = {
    NextStep.INFORMATION: _("情報交換"),
    NextStep.ESTIMATE: _("見積の依頼"),
    NextStep.PROTOTYPE: _("試作の検討"),
    NextStep.VISIT: _("訪問"),
    NextStep.NDA: _("秘密保持契約"),
    NextStep.NONE: _("なし"),
}
LENGTHS = {Length.SHORT: _("短い"), Length.RIGHT: _("ちょうどよい"), Length.LONG: _("長い")}
