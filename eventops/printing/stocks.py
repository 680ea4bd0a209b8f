"""Knows the papers that badges and addresses are printed on: sheets of labels, single labels, whole pages. In mm."""

from dataclasses import dataclass, replace
from typing import Final

A4: Final = (210.0, 297.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """`left` and `top` are what stands before the first label, the gaps what stands between two.

    `products` are the numbers on the packet. A folded label is printed twice, side by side, to be read from both sides.
    """

    page: tuple[float, float]
    width: float
    height: float
    columns: int = 1
    rows: int = 1
    left: float = 0.0
    top: float = 0.0
    gap_x: float = 0.0
    gap_y: float = 0.0
    products: tuple[str, ...] = ()
    is_folded: bool = False

    @property
    def labels(self) -> int:
        return self.columns * self.rows

    @property
    def right(self) -> float:
        """What is left of the page behind the last column."""
        return self.page[0] - self.left - self.columns * self.width - (self.columns - 1) * self.gap_x

    @property
    def bottom(self) -> float:
        return self.page[1] - self.top - self.rows * self.height - (self.rows - 1) * self.gap_y

    @property
    def face(self) -> "Stock":
        """The face of one label as a page of its own, as a preview shows it."""
        width = self.width / 2 if self.is_folded else self.width
        return replace(
            self, page=(width, self.height), width=width, columns=1, rows=1, left=0.0, top=0.0, is_folded=False
        )

    def shifted(self, x: float, y: float) -> "Stock":
        """For a printer that feeds a little askew."""
        return replace(self, left=self.left + x, top=self.top + y)


BADGES: Final[dict[str, Stock]] = {
    "card10": Stock(
        page=A4,
        width=91,
        height=55,
        columns=2,
        rows=5,
        left=14,
        top=11,
        products=("51002", "72110", "31514"),
    ),
    "label10": Stock(
        page=A4,
        width=86.4,
        height=50.8,
        columns=2,
        rows=5,
        left=18.6,
        top=21.5,
        products=("72210", "75210"),
    ),
    "label12": Stock(
        page=A4,
        width=86.4,
        height=42.3,
        columns=2,
        rows=6,
        left=18.6,
        top=21.6,
        products=("31531", "72212"),
    ),
    "a6": Stock(page=(105.0, 148.0), width=105, height=148),
    "a6_folded": Stock(page=A4, width=210, height=148.5, rows=2, is_folded=True),
    "roll62x100": Stock(page=(62.0, 100.0), width=62, height=100, products=("DK-1202",)),
    "roll100x62": Stock(page=(100.0, 62.0), width=100, height=62, products=("DK-1202",)),
    "roll62x29": Stock(page=(62.0, 29.0), width=62, height=29, products=("DK-1209",)),
}
ADDRESSES: Final[dict[str, Stock]] = {
    "label12": BADGES["label12"],
    "label18": Stock(
        page=A4,
        width=63.5,
        height=46.6,
        columns=3,
        rows=6,
        left=7.2,
        top=8.7,
        gap_x=2.5,
        products=("28729",),
    ),
    "label21": Stock(page=A4, width=70, height=42.4, columns=3, rows=7, products=("31538",)),
    "label24": Stock(page=A4, width=66, height=33.9, columns=3, rows=8, left=6, top=12.9),
}
USUAL: Final = "card10"
