"""An answer on its way from a form to the database."""

from dataclasses import dataclass

from eventops.questions.files import HandedIn
from eventops.questions.rules import Asked, Values


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered to a question; a file comes with its name."""

    question: Asked
    values: Values
    file: HandedIn | None = None
