"""No English word leaks into what a Japanese reader sees: page texts, labels, messages."""

import ast
import re
from pathlib import Path

from tests.architecture.sources import ROOT, modules, name, tree

# Words that Japanese pages write in Latin letters, and forms that people type.
LATIN = """
    eventops pdf excel csv tsv qr email e-mail url fax tel sme ics id ok pm am png jpeg jpg xlsx xls utf utf-8 cp932
    shift_jis mb kb usb smtp http https ip ctrl esc enter tab shift alt kistec tama google chrome zoom web wi-fi
    english example jp co or ac www jr up javascript word powerpoint office
"""
WRITTEN_IN_LATIN_LETTERS = frozenset(LATIN.split())
VISIBLE_ATTRIBUTES = ("alt", "title", "placeholder", "aria-label", "aria-description", "summary")
TRANSLATE = {"_", "gettext", "lazy_gettext", "ngettext", "pgettext"}


def english_in(text: str) -> set[str]:
    """Words of two letters and more that are not on the list; placeholders of messages do not count."""
    text = re.sub(r"%\(\w+\)[sd]|\{\w*[^}]*\}|%[sd]|https?://\S+|\S+@\S+|<[^>]+>|&\w+;", " ", text)
    words = re.findall(r"(?<![A-Za-z0-9_./\\-])[A-Za-z][A-Za-z'-]+(?![A-Za-z0-9_/\\])", text)
    return {word for word in words if word.lower().strip("'-") not in WRITTEN_IN_LATIN_LETTERS}


def visible(source: str) -> str:
    """What of a template a reader sees: text between tags, visible attributes, messages; not its English branches."""
    source = re.sub(r"\{#.*?#\}", " ", source, flags=re.S)
    source = re.sub(r"\{%-?\s*block \w*class\s*-?%\}.*?\{%-?\s*endblock", "{% endblock", source, flags=re.S)
    source = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", source, flags=re.S)
    messages = [match[1] for match in re.findall(r"_\((['\"])(.*?)\1", source, flags=re.S)]
    source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.S)
    source = re.sub(r"<[^>]*lang=\"en\"[^>]*>.*?</", " </", source, flags=re.S)
    attributes = [
        match for attribute in VISIBLE_ATTRIBUTES for match in re.findall(rf'\s{attribute}="([^"]*)"', source)
    ]
    text = re.sub(r"<[^>]*>", " ", source, flags=re.S)
    return " ".join([text, *messages, *attributes])


def without_english_branches(source: str) -> str:
    """Leaves out `{% if lang == 'en' %} … {% else %}` and `{% endif %}`."""
    return re.sub(r"\{%-?\s*if lang\w* == 'en'\s*-?%\}.*?\{%-?\s*(else|endif)\s*-?%\}", " ", source, flags=re.S)


def test_the_finder_sees_what_leaks():
    page = (
        "{# note #}<p class='x' title=\"Hello\">保存 {{ value }} Save</p>{{ _('送信 Submit') }}<script>var x</script>"
    )
    assert english_in(visible(page)) == {"Hello", "Save", "Submit"}
    assert english_in("PDFを%(count)s件 QRコード") == set()


def test_templates_speak_japanese():
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if words := english_in(visible(without_english_branches(path.read_text()))):
            found[name(path)] = words
    assert found == {}


def test_messages_in_the_code_are_japanese():
    found = {name(path): words for path in modules("eventops") if (words := _english_messages(path))}
    assert found == {}


def _english_messages(path: Path) -> set[str]:
    words: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATE and node.args:
            message = node.args["pgettext" in node.func.id]  # its first argument is the translators' context
            if isinstance(message, ast.Constant) and isinstance(message.value, str):
                words |= english_in(message.value)
    return words
