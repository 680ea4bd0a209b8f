"""The form that takes a file to import, and the faults of a plan as sentences."""

from collections.abc import Sequence
from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from eventops.spreadsheets import words
from eventops.spreadsheets.columns import Fault
from eventops.spreadsheets.plan import Plan
from eventops.spreadsheets.table import UnreadableTable
from eventops.spreadsheets.values import FaultCode

MOST_SHOWN: Final = 200
MANY_ALIKE: Final = 5


class UploadForm(FlaskForm):
    file = FileField(
        _("ファイル"),
        validators=[FileRequired(message=_("ファイルを選んでください。"))],
        description=_("CSV(UTF-8、Shift_JIS)または Excel(.xlsx、.xls、.ods)、10MBまで。"),
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods"},
    )

    def refuse(self, error: UnreadableTable) -> None:
        """Say beside the field why the file cannot be read."""
        self.file.errors = [words.of_file(error)]


def sentences(plan: Plan) -> list[str]:
    """12行目「希望順」: 数字ではありません(「一」)。What is wrong in the same way on many lines is said once."""
    alike: dict[tuple[str, FaultCode], list[Fault]] = {}
    for fault in plan.faults:
        alike.setdefault((fault.heading, fault.code), []).append(fault)
    said = list(filter(None, (_said(fault, alike[fault.heading, fault.code]) for fault in plan.faults)))
    return said if len(said) <= MOST_SHOWN else [*said[:MOST_SHOWN], gettext("ほかにもあります。")]


def _said(fault: Fault, alike: Sequence[Fault]) -> str:
    """Of many alike the first speaks for all."""
    if len(alike) < MANY_ALIKE:
        return words.of_fault(fault)
    return words.of_alike(alike) if fault is alike[0] else ""
