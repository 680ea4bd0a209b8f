"""What billing refuses, as codes."""

from eventops.errors import DomainError


class CounteredAlready(DomainError):
    """The entry was taken back before, or is itself the taking back of another."""

    code = "countered_already"


class NotOverpaid(DomainError):
    """More was to be given back than was paid too much."""

    code = "not_overpaid"


class BadAmount(DomainError):
    """An amount of nothing, or sums that do not agree."""

    code = "bad_amount"


class NothingToDocument(DomainError):
    """Nothing is owed, or everything that is paid stands on documents already."""

    code = "nothing_to_document"


class NotPaidYet(DomainError):
    """A receipt is for money that has come."""

    code = "not_paid_yet"


class TakenBackAlready(DomainError):
    """Nothing of this document is left to be taken back."""

    code = "taken_back_already"


class LineSettled(DomainError):
    """The bank's line is booked or set aside already."""

    code = "line_settled"


class UnreadableBankFile(DomainError):
    """No file of a bank that this program knows."""

    code = "unreadable_bank_file"


class FileKnown(DomainError):
    """The very same file was read in before."""

    code = "bank_file_known"
