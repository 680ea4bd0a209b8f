"""The form that takes a file to import, and the faults of a plan as sentences."""

from collections.abc import Hashable, Sequence
from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from eventops.spreadsheets import words
from eventops.spreadsheets.columns import Fault
from eventops.spreadsheets.plan import Plan
from eventops.spreadsheets.table import UnreadableTable

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
    """12行目「希望順」: 数字ではありません(「一」)。What is wrong with the same value on many lines is said once."""
    alike: dict[Hashable, list[Fault]] = {}
    for fault in plan.faults:
        alike.setdefault(_what(fault), []).append(fault)
    said = list(filter(None, (_said(fault, alike[_what(fault)]) for fault in plan.faults)))
    return said if len(said) <= MOST_SHOWN else [*said[:MOST_SHOWN], gettext("ほかにもあります。")]


def _what(fault: Fault) -> Hashable:
    """All but the line."""
    return (
        fault.heading,
        fault.code,
        fault.value,
        tuple(sorted((name, str(one)) for name, one in fault.details.items())),
    )


def _said(fault: Fault, alike: Sequence[Fault]) -> str:
    """Of many alike the first speaks for all."""
    if len(alike) < MANY_ALIKE:
        return words.of_fault(fault)
    return words.of_alike(alike) if fault is alike[0] else ""
