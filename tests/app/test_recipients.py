"""The recipients' book reads what practices export."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.recipients import Colleague, read_recipients
from dictation.errors import InputError


@pytest.mark.parametrize(
    "text",
    [
        "Nom;Spécialité;Adresse\nDr Anne Exemple;Cardiologie;1 rue A\n",
        "Dr Anne Exemple;Cardiologie;1 rue A\n",
        "nom,spécialité,adresse\nDr Anne Exemple,Cardiologie,1 rue A\n",
        "Nom\tSpécialité\tAdresse\nDr Anne Exemple\tCardiologie\t1 rue A\n",
        "Prénom;Nom;Qualité;Adresse postale\nDr Anne;Exemple;Cardiologie;1 rue A\n",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Dr Anne Exemple\r\nTITLE:Cardiologie\r\nADR;TYPE=work:;;1 rue A;;;;\r\nEND:VCARD\r\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_every_usual_shape(text: str, encoding: str) -> None:
    assert read_recipients("x", text.encode(encoding)) == (Colleague("Dr Anne Exemple", "Cardiologie", "1 rue A"),)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"BEGIN:VCARD\nEND:VCARD\n"])
def test_nothing_readable_is_said(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_recipients("vide.csv", content)
    assert caught.value.code == "recipients.empty"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(InputError):
        assert read_recipients("x", content)
