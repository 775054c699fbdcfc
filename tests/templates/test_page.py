"""The same page, in a terminal and in Word."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest

from templates.page import Bullets, Heading, Page, Table, Text, page_docx, page_text

PAGE = Page(
    "Une page",
    dt.date(2026, 4, 1),
    (
        Text("Bonjour."),
        Heading("Chiffres"),
        Table(("nom", "part"), (("un", "5"), ("deux", "125"))),
        Bullets(("a", "b")),
    ),
)


def test_columns_are_aligned() -> None:
    lines = page_text(PAGE).splitlines()
    assert "un       5" in lines
    assert "deux   125" in lines
    assert "- b" in lines


def test_the_word_document_has_real_headings_and_a_repeated_first_row() -> None:
    made = docx.Document(io.BytesIO(page_docx(PAGE)))
    assert [(p.text, p.style.name) for p in made.paragraphs if p.style.name.startswith("Heading")] == [
        ("Une page", "Heading 1"),
        ("Chiffres", "Heading 2"),
    ]
    assert [[c.text for c in r.cells] for r in made.tables[0].rows] == [["nom", "part"], ["un", "5"], ["deux", "125"]]
    assert "tblHeader" in made.tables[0].rows[0]._tr.xml
    assert "Établie le 1er avril 2026" in [p.text for p in made.paragraphs]


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError):
        Table(("a", "b"), (("seul",),))
