"""An anonymous need whose text names its company: said beside every field where it does."""

from typing import Any

from flask_babel import gettext as _

from eventops.directory.models import Organisation
from eventops.meetings.hosting import rules

_READ_BY_GUESTS = ("public_name", "title", "description", "tags", "stage", "excluded", "confidentiality")


def tell(form: Any, organisation: Organisation) -> bool:
    """Whether the text keeps the name to itself; where it does not, an error stands beside the field."""
    if not form.is_anonymous.data:
        return True
    texts = {name: form[name].data or "" for name in _READ_BY_GUESTS if name in form}
    found = rules.giving_away(texts, (organisation.name, organisation.kana))
    for name in found:
        field = form[name]
        field.errors = [*field.errors, _("社名が入っています。社名を公開しないときは、本文からも除いてください。")]
    return not found
