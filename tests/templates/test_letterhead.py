"""A practice's letterhead: what is dangerous is refused, what is misspelt is named with its page."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document

from dictation.errors import InputError
from templates.catalogue import bundled
from templates.letterhead import check_letterhead, refuse_hostile
from templates.word import LETTERHEADS

SHIPPED = sorted(LETTERHEADS.glob("*.docx"))


def _add(source: Path, target: Path, name: str, content: bytes) -> Path:
    target.write_bytes(source.read_bytes())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_the_shipped_ones_are_sound(path: Path) -> None:
    assert check_letterhead(path, bundled()) == ()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("word/vbaProject.bin", b"x", "letterhead.macro"),
        ("word/embeddings/o.bin", b"x", "letterhead.embedded"),
        ("word/media/big.png", b"\0" * 50_000_000, "letterhead.image"),
        ("word/bomb.xml", b"\0" * 120_000_000, "letterhead.bomb"),
        (
            "word/_rels/x.rels",
            b'<Relationship Id="r" Type="http://x/image" Target="http://evil/" TargetMode="External"/>',
            "letterhead.external",
        ),
        ("word/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "letterhead.doctype"),
    ],
)
def test_hostile_files_are_refused_with_the_reason(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = _add(SHIPPED[0], tmp_path / "h.docx", name, content)
    with pytest.raises(InputError) as caught:
        refuse_hostile(path)
    assert caught.value.code == code


@pytest.mark.parametrize("content", [b"", b"bonjour", b"PK\x03\x04"])
def test_what_is_no_word_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(content)
    with pytest.raises(InputError):
        refuse_hostile(path)


def _letterhead(tmp_path: Path, *lines: str) -> Path:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    path = tmp_path / "mien.docx"
    path.write_bytes(out.getvalue())
    return path


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("{{ patient.identité }}", "{{ rubrique.motif }}"), "patient.identite"),
        (("{{ patient.identite }}", "{{ rubrique.motiff }}"), "rubrique.motif"),
        (("{{ patient.identite }}",), "texte dicté"),
        (("{{ rubrique.motif }}",), "patient"),
        (("{{ patient.identite }}", "{%p for r in rubriques %}", "{{ r.titre }}"), "jamais fermée"),
        (("{{ patient.identite }}", "{{ rubrique.motif }}", "{%p endfor %}"), "ne ferme rien"),
        (("{{ patient.identite }}", "{{ rubrique.motif }"), "accolade"),
        (("{{ patient.identite }}", "{{ rubrique.motif }}", "{% import os %}"), "inconnue"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, lines: tuple[str, ...], expected: str) -> None:
    problems = check_letterhead(_letterhead(tmp_path, *lines), bundled())
    assert any(expected in str(p) for p in problems), [str(p) for p in problems]


def test_the_page_of_a_fault_is_said(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("{{ patient.identite }} {{ rubrique.motif }}")
    document.add_page_break()
    document.add_paragraph("{{ inconnu }}")
    path = tmp_path / "p.docx"
    document.save(str(path))
    assert [p.where for p in check_letterhead(path, bundled())] == ["page 2"]
