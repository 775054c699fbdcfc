"""A practice's letterhead: what is dangerous is refused, what is misspelt is named with its page."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from docx import Document

from dictation.draft import Draft, DraftEngine
from dictation.errors import InputError
from dictation.transcript import Transcript
from templates import render
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
            b'<R><Relationship Id="r" Type="http://x/image" Target="http://evil/" TargetMode="External"/></R>',
            "letterhead.external",
        ),
        (
            "word/_rels/y.rels",
            b"<R><Relationship Id='r' TargetMode='External' Type='http://x/attachedTemplate' Target='http://evil/'/></R>",
            "letterhead.external",
        ),
        (
            "word/header9.xml",
            b'<w:hdr xmlns:w="urn:w"><w:instrText> INCLUDE</w:instrText><w:instrText>PICTURE "http://evil/a.png"'
            b"</w:instrText></w:hdr>",
            "letterhead.external",
        ),
        ("word/y.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16"), "letterhead.doctype"),
        ("word/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "letterhead.doctype"),
    ],
)
def test_hostile_files_are_refused_with_the_reason(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = _add(SHIPPED[0], tmp_path / "h.docx", name, content)
    with pytest.raises(InputError) as caught:
        refuse_hostile(path)
    assert caught.value.code == code


def test_fifty_megabytes_of_real_picture_are_refused(tmp_path: Path) -> None:
    """Random, so that nothing packs it: the file itself is too big."""
    path = _add(SHIPPED[0], tmp_path / "h.docx", "word/media/photo.png", random.Random(1).randbytes(50_000_000))
    with pytest.raises(InputError, match="20\u00a0Mo"):
        refuse_hostile(path)


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    """The directory announces 30 bytes, the stream holds 60 MB."""
    path = _add(SHIPPED[0], tmp_path / "h.docx", "word/lie.xml", b"<a>" + b"x" * 60_000_000)
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = content.rindex(b"word/lie.xml") if mark == b"PK\x01\x02" else content.index(b"word/lie.xml")
        head = content.rindex(mark, 0, place)
        content[head + at : head + at + 4] = (30).to_bytes(4, "little")
    path.write_bytes(bytes(content))
    with pytest.raises(InputError) as caught:
        refuse_hostile(path)
    assert caught.value.code == "letterhead.damaged"


@pytest.mark.parametrize(
    "line",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ rubriques.__init__.__globals__ }}",
        "{%p for r in rubriques %}",
        "{% for a in range(999999999) %}x{% endfor %}",
        "{{ titre | inconnu }}",
    ],
)
def test_a_letterhead_runs_nothing_and_a_broken_one_is_told(tmp_path: Path, line: str) -> None:
    form = bundled().get("courrier_adressage")
    draft = Draft(Transcript("t", ()), form.id, 1, DraftEngine(None, "1"), (), (), (), ())
    with pytest.raises(InputError, match="calame forms check"):
        render(draft, form, letterhead=_letterhead(tmp_path, "{{ patient.identite }}", line))


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
