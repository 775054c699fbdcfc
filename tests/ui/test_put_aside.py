"""Work that takes long is put aside and is done without anybody waiting."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.events import Phase
from dictation.consultation import Consultation
from records import State
from tests.ui import kit


@pytest.mark.slow
@pytest.mark.parametrize("phase", [Phase.TRANSCRIBING, Phase.DRAFTING])
def test_what_is_put_aside_is_done_all_the_same(tmp_path: Path, phase: Phase) -> None:
    office = kit.office(tmp_path, slow_s="1.5")
    office.start()
    try:
        by = office.store.accounts.login("jmartin", kit.PASSWORD)
        desk = office.desk(by)
        desk.hear_file("dictee.wav", kit.silence(), kit.FORM, Consultation())
        kit.until(lambda: desk.session.state.phase in (phase, Phase.DRAFTING), "the phase")
        made = desk.session.state.document_id
        assert made is not None
        desk.close()
        assert desk.session.state.phase is Phase.IDLE
        kit.until(lambda: office.store.dictations.get(made, by=by).state is State.TO_REVIEW, "the draft")
        assert office.store.dictations.review(made, by=by) is not None
    finally:
        office.close()
