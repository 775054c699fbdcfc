"""Dictating: kinds of document, microphones, begin, pause, finish, discard, recordings from a file."""

from __future__ import annotations

from contextlib import suppress

import flet as ft

from app import commands as c
from app.events import Phase
from app.live import Loudness
from dictation.consultation import Consultation, Patient, Recipient
from dictation.errors import CalameError
from dictation.form import Form
from records import Priority, Role
from ui import preferences
from ui.state.shell import DESK
from ui.window.sync import Synced

#: kinds that come first as long as this person has used none
FIRST_KINDS = ("compte_rendu_consultation", "courrier_adressage", "courrier_reponse_medecin_traitant", "ordonnance")


class Dictation(Synced):
    """From F2 to the last word."""

    def kinds(self) -> list[Form]:
        """Kinds of document, this person's usual ones first."""
        order = {form_id: n for n, form_id in enumerate(self.prefs.recent)}
        forms = list(self.office.parts.forms)
        first = {form_id: n for n, form_id in enumerate(FIRST_KINDS)}
        return sorted(forms, key=lambda f: (order.get(f.id, 99), first.get(f.id, 99), forms.index(f)))

    def consultation(self) -> Consultation:
        """What was given before speaking, with the profile."""
        live, store = self.live, self.office.store
        birth = preferences.parse_date(live.birth_date)
        return Consultation(
            date=self.office.parts.ports.clock().date(),
            author=preferences.author(store, self.actor),
            patient=Patient(last_name=live.last_name or None, first_name=live.first_name or None, birth_date=birth),
            recipient=Recipient(name=live.recipient or None),
        )

    def dictate(self) -> None:
        """F2: begin, pause, go on."""
        if self.shell.phase is Phase.LISTENING:
            self.desk.do(c.PauseDictation())
            return
        if self.shell.phase in (Phase.TRANSCRIBING, Phase.DRAFTING):
            self.shell.notice("check", self.t("live.busy"))
            return
        if not self.actor.has(Role.DOCTOR):
            self.shell.notice("check", self.t("live.doctor_only"))
            return
        self.desk.flush()
        self.shell.view, self.shell.pane = DESK, "document"
        self.begin(self.live.form_id)

    def begin(self, form_id: str) -> None:
        """Starts with a kind of document."""
        self.live.form_id = form_id
        self.prefs.used(form_id)
        self._save_prefs()
        preferences.assign(self.live, final="", stable="", unstable="", words=0, draft=None, proposed=None)
        object.__setattr__(self.meter, "elapsed_s", 0.0)
        device = self.live.device
        self.desk.dictate(form_id, self.consultation(), device)
        if self.desk.session.state.phase is Phase.LISTENING:
            if self.live.priority and self.desk.dictation is not None:
                self.desk.assign(priority=Priority(self.live.priority))
            if device == "browser":
                self.channel.order("mic-on", device=None)
            preferences.assign(self.live, last_name="", first_name="", birth_date="", recipient="", priority=0)

    def resume(self, dictation_id: str) -> None:
        """« Reprendre » an interrupted recording."""
        store = self.office.store
        with suppress(CalameError):
            dictation = store.dictations.get(dictation_id, by=self.actor)
            self.desk.dictate(
                dictation.form_id or self.live.form_id, dictation.consultation, self.live.device, resume=dictation_id
            )
            if self.live.device == "browser" and self.desk.session.state.phase is Phase.LISTENING:
                self.channel.order("mic-on", device=None)

    def finish(self) -> None:
        """The doctor has finished."""
        if self.desk.session.state.phase is Phase.LISTENING:
            self.channel.microphone_off()
            self.desk.do(c.StopDictation())

    def finish_interrupted(self, dictation_id: str) -> None:
        """What there is goes on to transcription."""
        with suppress(CalameError):
            self.office.store.audio.close(dictation_id, by=self.actor)
        self.office.changed()

    def discard(self, *, confirmed: bool = False) -> None:
        """Échap: asks first."""
        if confirmed:
            self.shell.dialog = None
            self.channel.microphone_off()
        self.desk.do(c.Discard(confirmed=confirmed))

    def pick_kind(self, form_id: str) -> None:
        """Another kind of document, before, during or after."""
        if self.desk.session.state.phase is Phase.IDLE:
            self.live.form_id = form_id
        else:
            self.desk.do(c.PickForm(form_id))

    def take_kind(self) -> None:
        """The kind named by the first words."""
        proposed = self.desk.session.state.proposed_form
        if proposed:
            self.desk.do(c.PickForm(proposed))

    def hear_file(self, name: str, content: bytes) -> None:
        """A recording dropped or chosen."""
        if self.shell.phase in (Phase.LISTENING, Phase.TRANSCRIBING, Phase.DRAFTING):
            self.shell.notice("check", self.t("live.busy"))
            return
        self.shell.view = DESK
        self.desk.hear_file(name, content, self.live.form_id, self.consultation())

    async def choose_file(self) -> None:
        """« Depuis un fichier… »"""
        files = await self.picker.pick_files(
            with_data=True, allow_multiple=False, file_type=ft.FilePickerFileType.AUDIO
        )
        if files and files[0].bytes:
            self.hear_file(files[0].name, files[0].bytes)

    def refresh_devices(self) -> None:
        """Microphones present now; the browser's own is always there."""
        found = [("browser", self.t("device.browser"))]
        with suppress(CalameError):
            found += [(d.name, d.title) for d in self.office.parts.microphones.devices()]
        self.live.devices = tuple(found)
        if self.live.device not in {name for name, _ in found}:
            self.live.device = "browser"
        if self.prefs.device in {name for name, _ in found}:
            self.live.device = self.prefs.device
        self._stand_by()

    def pick_device(self, name: str) -> None:
        """The microphone for the next dictation."""
        self.live.device = self.prefs.device = name
        self._save_prefs()
        self._stand_by()

    def _stand_by(self) -> None:
        """The first word after F2 is never cut: a microphone of this machine is open a little before."""
        if self.live.device != "browser":
            self.office.parts.microphones.stand_by(self.live.device)

    def test_microphone(self) -> None:
        """Shows the level without keeping a sound."""
        from ui.levels import LevelTest

        self.live.testing = not self.live.testing
        LevelTest.toggle(self)

    def _level_any_thread(self, loudness: Loudness) -> None:
        self._later(self._on_level, loudness)

    def _on_level(self, loudness: Loudness) -> None:
        meter = self.meter
        object.__setattr__(meter, "elapsed_s", self.desk.elapsed_s)
        object.__setattr__(meter, "clipped", loudness.clipped)
        object.__setattr__(meter, "peak", max(loudness.level, meter.peak * 0.92))
        meter.level = loudness.level
