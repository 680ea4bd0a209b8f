"""What the stored values of the directory are called on screens."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from eventops.directory.bodies import CommitteeKind, CommitteeRole
from eventops.directory.duplicates import Likeness
from eventops.directory.models import (
    ActKind,
    ConsentPurpose,
    ConsentSource,
    OrganisationCategory,
    OrganisationSize,
    SiteKind,
)
from eventops.directory.names import Reason
from eventops.events.models import HostRole

CATEGORIES: dict[str, LazyString] = {
    OrganisationCategory.CORPORATION: _("営利法人"),
    OrganisationCategory.SCHOOL: _("教育機関"),
    OrganisationCategory.BODY: _("団体"),
    OrganisationCategory.MUNICIPALITY: _("自治体"),
    OrganisationCategory.INDIVIDUAL: _("個人会員"),
}
SIZES = {
    OrganisationSize.LARGE: _("大手"),
    OrganisationSize.MID: _("中堅"),
    OrganisationSize.SME: _("中小"),
    OrganisationSize.OTHER: _("―"),
}
SITE_KINDS = {
    SiteKind.UNIT: _("事業部・部門"),
    SiteKind.SITE: _("拠点"),
    SiteKind.HEADQUARTERS: _("本社"),
}
PURPOSES = {
    ConsentPurpose.MAIL: _("案内メール"),
    ConsentPurpose.LIST: _("名簿への掲載"),
    ConsentPurpose.PHOTO: _("写真の掲載"),
    ConsentPurpose.SHARE: _("共催者への提供"),
}
SOURCES = {
    ConsentSource.FORM: _("申込フォーム"),
    ConsentSource.PAPER: _("書面・名刺"),
    ConsentSource.SPOKEN: _("口頭・電話"),
    ConsentSource.MAIL: _("メール"),
    ConsentSource.SHEET: _("表の取り込み"),
    ConsentSource.BEFORE: _("以前の記録"),
}
TOLD_BY = {source: SOURCES[source] for source in (ConsentSource.PAPER, ConsentSource.SPOKEN, ConsentSource.MAIL)}
REASONS = {
    Reason.SAME_NAME: _("同じ名称"),
    Reason.HALF_WIDTH_KANA: _("半角カナの同じ名称"),
    Reason.SEVERAL: _("同じ名称の団体が複数あります"),
    Reason.FORM_MISSING: _("法人格が書かれていません"),
    Reason.OTHER_POSITION: _("前株・後株が違います（別の会社かもしれません）"),
    Reason.OTHER_FORM: _("法人格が違います"),
    Reason.SPELLING: _("字の書き方が違います"),
    Reason.READING: _("読みが同じです"),
    Reason.BANK_READING: _("銀行の振込依頼人名です"),
    Reason.UNKNOWN: _("名簿に見当たりません"),
}
LIKENESSES = {
    Likeness.SAME_EMAIL: _("同じメールアドレスと氏名"),
    Likeness.SAME_IN_ORGANISATION: _("同じ団体の同じ読みの方"),
    Likeness.SAME_CORE: _("法人格を除いた名称が同じ"),
    Likeness.SAME_SPELLING: _("字の書き方だけが違う"),
    Likeness.SAME_READING: _("読みが同じ"),
}
ACTS = {
    ActKind.IMPORT: _("表の取り込み"),
    ActKind.MERGE_ORGANISATIONS: _("団体の統合"),
    ActKind.MERGE_PEOPLE: _("人の統合"),
    ActKind.NAMES: _("社名の照合"),
    ActKind.SETTLE: _("社名の確認"),
}
COMMITTEE_KINDS: dict[str, LazyString] = {
    CommitteeKind.WORKING_GROUP: _("分科会"),
    CommitteeKind.COMMITTEE: _("委員会"),
    CommitteeKind.CIRCLE: _("その他の集まり"),
}
COMMITTEE_ROLES: dict[str, LazyString] = {
    CommitteeRole.LEAD: _("代表"),
    CommitteeRole.DEPUTY: _("副代表"),
    CommitteeRole.DIRECTOR: _("担当理事"),
    CommitteeRole.CORE: _("コアメンバー"),
    CommitteeRole.MEMBER: _("メンバー"),
}
PARTNER_ROLES: dict[str, LazyString] = {
    HostRole.CO_HOST: _("共催"),
    HostRole.PATRON: _("後援"),
    HostRole.COOPERATION: _("協力"),
    HostRole.SPONSOR: _("協賛"),
}
SHEET_KINDS = {
    "organisations": _("団体"),
    "people": _("人"),
    "names": _("社名"),
    "committees": _("分科会・委員会"),
    "partners": _("連携先"),
}
GROUPS = {
    "name": _("名称"),
    "code": _("番号"),
    "category": _("会員区分"),
    "size": _("規模"),
    "unit": _("事業部・参加部門"),
    "place": _("所在"),
    "phone": _("電話番号"),
    "url": _("ホームページ"),
    "technology_tags": _("技術分野"),
    "note": _("備考"),
    "organisation": _("団体"),
    "position": _("部署・役職"),
    "email": _("メールアドレス"),
    "needs": _("配慮"),
}
TABLES = {
    "membership": _("会員期間"),
    "site": _("拠点・部門"),
    "person": _("人"),
    "consent": _("同意"),
    "committee": _("分科会・委員会"),
    "committee_term": _("分科会・委員会のメンバー"),
    "partnership": _("連携先"),
    "registration": _("申込"),
    "attendee": _("参加者"),
    "need": _("ニーズ"),
    "need_attendee": _("ニーズの同席者"),
    "application": _("応募"),
    "participant_limit": _("都合"),
    "participant_page": _("面談の専用ページ"),
    "competitor_pair": _("競合の組"),
    "exclusion": _("対象外の団体"),
    "case_file": _("案件"),
    "one_off_request": _("面談依頼"),
    "meeting_record": _("面談の記録"),
    "name_case": _("社名の確認"),
    "organisation": _("団体"),
}


def table(name: str) -> str:
    """What rows of a table are called; a table of a feature that has no word here is still something."""
    return str(TABLES.get(name, _("ほかの記録")))
