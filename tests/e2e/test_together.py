"""A doctor and a secretary, each in a browser of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.screen import Screen
from tests.ui import kit

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


def test_secretary_round_trip(open_screen: Callable[..., Screen], practice: Any, doctor_account: Any) -> None:
    """Sent, completed, asked at a word, answered, corrected, ready: each sees at once what the other did."""
    made = kit.drafted(practice.office, doctor_account)
    doctor = open_screen()
    doctor.open(made)
    doctor.button("À la secrétaire").click()
    expect(doctor.part("big-record")).to_be_visible()

    secretary = open_screen("anais")
    secretary.open(made)
    assert secretary.page.get_by_role("button", name="Signer", exact=True).count() == 0
    secretary.button("Identité").click()
    secretary.write(secretary.page.get_by_role("textbox", name="Nom", exact=True), "Durand")
    secretary.write(secretary.page.get_by_role("textbox", name="Destinataire", exact=True), "Dr Claire Petit")
    secretary.button("Enregistrer").click()
    secretary.says("DURAND", "document")

    at = secretary.part("transcript").bounding_box()
    secretary.page.mouse.click(at["x"] + 40, at["y"] + 70)
    asked_at = secretary.part("chosen-word").get_by_role("textbox")
    asked_at.click()
    word = asked_at.input_value()
    secretary.button("Demander au médecin").click()
    secretary.write(secretary.part("dialog").get_by_role("textbox"), "Est-ce bien ce mot ?")
    secretary.button("Envoyer").click()
    secretary.says("Question envoyée", "notices")

    doctor.open(made)
    question = doctor.part(re.compile("^query-")).first
    expect(question).to_be_visible()
    said = doctor.says("Est-ce bien ce mot", "document")
    assert f"«\u00a0{word}\u00a0»" in said
    question.get_by_role("button", name=re.compile(re.escape(word))).click()
    doctor.says(rf"\[preuve\] {re.escape(word)}", "transcript")
    doctor.write(question.get_by_role("textbox"), "Oui, c'est bien lui.")
    question.get_by_role("button", name="Répondre").click()
    doctor.says("Oui, c'est bien lui", "document")
    doctor.to_list()

    secretary.to_list("worklist")
    secretary.open(made)
    secretary.says("Oui, c'est bien lui", "document")
    secretary.append("motif", " Relu.")
    secretary.button("Prête à signer").click()
    ready = doctor.part(f"line-{made}")
    expect(ready).to_contain_text("Prête à signer")
    doctor.open(made)
    doctor.says("Modifié depuis votre lecture", "section-motif")
    doctor.to_list()
