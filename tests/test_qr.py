"""The QR symbol: small, the same every time, and read by a decoder that is not ours."""

import io
import re

import pytest
import typst
from PIL import Image

from eventops.qr import PayloadError, png, svg
from tests.printing.paper import scanned

PAYLOADS = ["A", "EO1:000012ABCDEFGHJKMNPQRS", "0123456789", "$%*+-./: Z", "HTTPS://X.JP/T/" + "Q7" * 60]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_it_is_read_back(payload, tmp_path):
    drawing = svg(payload, label="QR").encode()
    source = "#set page(width: 60mm, height: 60mm, margin: 0mm)\n#image(bytes(sys.inputs.qr), width: 60mm)"
    png = typst.compile(source.encode(), format="png", ppi=200, sys_inputs={"qr": drawing.decode()})
    (tmp_path / "qr.png").write_bytes(png)

    assert scanned(Image.open(tmp_path / "qr.png")) == [payload]


@pytest.mark.parametrize("payload", ["", "lower", "日本", "A\nB", "A" * 301, 'A"B', "A<B"])
def test_what_would_make_the_symbol_large_is_refused(payload):
    with pytest.raises(PayloadError):
        svg(payload, label="QR")


def test_a_ticket_code_stays_at_version_two_with_its_quiet_zone():
    side = 25 + 2 * 4

    assert f'viewBox="0 0 {side} {side}"' in svg("EO1:000012ABCDEFGHJKMNPQRS", label="QR")


def test_nothing_is_drawn_in_the_quiet_zone():
    starts = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg("EO1:000012ABCDEFGHJKMNPQRS", label="QR"))

    assert len(starts) > 100
    assert all(int(x) >= 4 and int(x) + int(length) <= 29 and 4 <= int(y) < 29 for x, y, length in starts)


def test_the_label_cannot_break_out_of_the_attribute():
    drawing = svg("A", label='"><script>alert(1)</script>')

    assert 'aria-label="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in drawing
    assert "<script>" not in drawing


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_tiny_picture_is_read_back_too(payload):
    image = Image.open(io.BytesIO(png(payload)))
    enlarged = image.convert("L").resize((image.width * 8, image.height * 8), Image.Resampling.NEAREST)

    assert scanned(enlarged) == [payload]
    assert len(png(payload)) < len(svg(payload, label="QR")) / 3


def test_a_ticket_is_read_although_a_tenth_of_its_symbol_is_covered():
    image = Image.open(io.BytesIO(png("EO1:000012ABCDEFGHJKMNPQRS"))).convert("L")
    image.paste(0, (4 + 16, 4 + 9, 4 + 25, 4 + 17))
    enlarged = image.resize((image.width * 8, image.height * 8), Image.Resampling.NEAREST)

    assert scanned(enlarged) == ["EO1:000012ABCDEFGHJKMNPQRS"]
