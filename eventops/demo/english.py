"""What the demonstration's events say in English beside their Japanese."""

from typing import Final

from eventops.events.models import Event

_HOSTS: Final = {
    "一般社団法人首都圏産業活性化協会": "TAMA Association",
    "地方独立行政法人神奈川県立産業技術総合研究所(KISTEC)": (
        "Kanagawa Institute of Industrial Science and Technology (KISTEC)"
    ),
    "公益財団法人神奈川産業振興センター(KIP)": "Kanagawa Industrial Promotion Center (KIP)",
}
_EVERYWHERE: Final = {
    "cancellation_rule": (
        "You may cancel free of charge until 17:00 three working days before the event; after that the fee is due. "
        "Somebody else may come in your place until the day itself."
    ),
    "contact": "Secretariat, telephone 00-0000-0001 (fictitious)",
    "privacy_notice": (
        "We use what you enter for registration, for writing to you, and for tickets and name badges of this event. "
        "Co-hosts are given your name, and announcements are sent to you, only if you agree."
    ),
}
EXCHANGE: Final = {
    **_EVERYWHERE,
    "summary": "A day of one-to-one meetings between large companies with a need and smaller ones with a technology.",
    "venue_name": "KISTEC Ebina headquarters (fictitious)",
    "venue_address": "705 Kakucho, Ebina, Kanagawa",
    "access": "About ten minutes by bus from Ebina station, then three minutes on foot. There is no car park.",
    "things_to_bring": "Business cards, and your ticket (printed or on your phone)",
}
NEW_YEAR: Final = {
    **_EVERYWHERE,
    "summary": "A lecture at the turn of the year, and a reception for members and partners.",
    "venue_name": "Open Innovation Field Tama, Hachioji, hall on the second floor",
    "venue_address": "3-5-1 Kakucho, Hachioji, Tokyo",
    "access": "Ten minutes on foot from JR Hachioji, five from Keio Hachioji",
    "overflow_notice": "Once the hall is full we may ask you to take part online.",
}


def add(event: Event, texts: dict[str, str], *parts: tuple[str, dict[str, str]]) -> None:
    """The event's own texts, those of its hosts, and a name with texts for each of its parts."""
    event.english = dict(texts)
    for host in event.hosts:
        host.name_en = _HOSTS[host.name]
    for part, (title, said) in zip(event.parts, parts, strict=True):
        part.title_en, part.english = title, dict(said)
