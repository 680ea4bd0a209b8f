"""Which language the reader of this request wants."""

from babel.support import NullTranslations
from flask import has_request_context, request, session
from flask_babel import Domain, get_locale

LANGUAGES = ("ja", "en")


class Words(Domain):
    """The catalogues by language. The library spells the whole locale out for every word of a page to find its own."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        if locale is None:
            return NullTranslations()
        found = self._known.get(locale.language)
        if found is None:
            found = self._known[locale.language] = super().get_translations()
        return found


def language() -> str:
    """The reader's language: chosen by link and remembered, Japanese otherwise and where there is no reader."""
    if not has_request_context():
        return "ja"
    chosen = request.args.get("lang") or session.get("language")
    if request.args.get("lang") in LANGUAGES and session.get("language") != chosen:
        session["language"] = chosen
    return chosen if chosen in LANGUAGES else "ja"
