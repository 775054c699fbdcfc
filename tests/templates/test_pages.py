"""Every kind of document as it leaves the printer, against reference pages somebody looked at.

Tolerance: at most 1.5 % of the pixels may differ by more than a quarter of full scale (fonts are
hinted differently from one version of LibreOffice to the next).
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from templates.catalogue import bundled
from tests.templates.paper import PAGES, pages_of

pytestmark = pytest.mark.slow
TOLERANCE = 0.015


def _grey(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("L"), dtype=np.int16)


@pytest.mark.parametrize("case", sorted(p.stem for p in PAGES.glob("*.json")))
def test_the_pages_look_as_they_did(case: str) -> None:
    data = json.loads((PAGES / f"{case}.json").read_text(encoding="utf-8"))
    pages = pages_of(data, bundled().get(data["form"]))
    references = sorted(PAGES.glob(f"{case}-*.png"))
    assert len(pages) == len(references)
    for page, reference in zip(pages, references, strict=True):
        now, before = _grey(page), _grey(Path(reference).read_bytes())
        assert now.shape == before.shape
        assert float(np.mean(np.abs(now - before) > 64)) <= TOLERANCE, reference.name


def test_every_kind_has_its_pages() -> None:
    kept = {json.loads(p.read_text(encoding="utf-8"))["form"] for p in PAGES.glob("*.json")}
    assert kept == {form.id for form in bundled().forms}


def test_an_unsigned_page_differs_from_a_signed_one() -> None:
    """The comparison can fail: the watermark alone is more than the tolerance."""
    pages = sorted(PAGES.glob("*-1.png"))
    first, second = _grey(pages[0].read_bytes()), _grey(pages[4].read_bytes())
    assert float(np.mean(np.abs(first - second) > 64)) > TOLERANCE
