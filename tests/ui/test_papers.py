"""Files through the browser: signed documents in every form, a copy given once, nothing unsigned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.exports import File
from tests.ui import kit
from ui.channel import Channel
from ui.guard import Login, current_login
from ui.papers import add_papers


def test_what_the_browser_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("templates.pdf.available", lambda: False)
    office, channel, api = kit.office(tmp_path), Channel(), FastAPI()
    by = office.store.accounts.login("jmartin", kit.PASSWORD)

    @api.middleware("http")
    async def signed_in(request: Any, then: Any) -> Any:
        current_login.set(Login("t", by))
        return await then(request)

    add_papers(api, office, lambda login: channel)
    browser = TestClient(api)
    made = kit.drafted(office, by)
    assert browser.get(f"/document/{made}.fhir").status_code == 403
    kit.sign(office, by, made)
    given = browser.get(f"/document/{made}.fhir")
    assert given.json()["resourceType"] == "Bundle"
    assert given.headers["content-disposition"].endswith('.fhir.json"')
    assert given.headers["cache-control"] == "no-store"
    assert "BROUILLON" not in browser.get(f"/document/{made}.txt").text
    assert browser.get(f"/document/{made}.exe").status_code == 404
    channel.save(File("copie.txt", b"abc", "text/plain"))
    (number,) = channel.files
    assert browser.get(f"/copie/{number}.txt").text == "abc"
    assert browser.get(f"/copie/{number}.txt").status_code == 404, "given once"
    office.close()
