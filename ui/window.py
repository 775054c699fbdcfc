"""One open page: keyboard and clicks to commands, events to view models. Holds no state worth keeping."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import flet as ft

from app import commands as c
from app import events as e
from app.desk import Desk
from app.events import Phase
from app.live import Loudness
from app.office import Office
from app.walk import Stop, decisions_since, edited_value, next_stop, section_of
from dictation.consultation import Consultation, Patient, Recipient
from dictation.errors import CalameError
from dictation.form import Form
from dictation.transcript import Span
from records import Place, Priority, Role, State, WorklistFilter
from ui import filters, keys, preferences
from ui.channel import Channel
from ui.components.root import Root
from ui.guard import Login
from ui.state.review import Fact, ReviewVM
from ui.state.shell import DESK, WELCOME, LiveVM, MeterVM, ShellVM, WorklistVM
from ui.state.transcript import TranscriptVM
from ui.texts import Texts
from ui.theme import DARK, FONTS, LIGHT, face
from ui.wording import reworded

#: what a fresh window shows of the sound before and after a word that is clicked
BEFORE_S, AFTER_S = 0.15, 0.35
#: kinds that come first as long as this person has used none
FIRST_KINDS = ("compte_rendu_consultation", "courrier_adressage", "courrier_reponse_medecin_traitant", "ordonnance")


class Window:
    """Actions are public methods; components call them and nothing else."""

    def __init__(
        self, page: ft.Page, office: Office, login: Login, channel: Channel, end_login: Callable[[], None]
    ) -> None:
        self.page, self.office, self.actor, self.channel = page, office, login.actor, channel
        self._end_login = end_login
        self.desk: Desk = office.desk(login.actor)
        self.prefs = preferences.load(office.store, self.actor)
        self.t = Texts(self.prefs.language)
        self.shell = ShellVM(
            language=self.t.language, theme=self.prefs.theme, scale=self.prefs.scale, name=self.actor.name
        )
        self.live, self.meter = LiveVM(), MeterVM()
        self.list, self.review, self.transcript = WorklistVM(), ReviewVM(), TranscriptVM()
        self.clipboard, self.picker = ft.Clipboard(), ft.FilePicker()
        self._refs: dict[str, ft.Ref[Any]] = {}
        self._stops: list[Callable[[], None]] = []
        #: « Redessiner » was asked for and has not answered
        self._redrawing = False

    # -- life ----------------------------------------------------------------------------------

    async def open(self) -> None:
        """First drawing."""
        page = self.page
        page.title = "Calame"
        page.fonts = FONTS
        page.padding = 0
        page.spacing = 0
        self.appearance()
        page.locale_configuration = ft.LocaleConfiguration(
            supported_locales=[ft.Locale("fr", "FR"), ft.Locale("en", "GB")],
            current_locale=ft.Locale("fr", "FR") if self.t.language == "fr" else ft.Locale("en", "GB"),
        )
        page.on_keyboard_event = self._key
        page.on_close = lambda _: self._shut()
        page.on_connect = lambda _: self._back()
        page.on_resize = lambda e: setattr(self.shell, "width", e.width)
        self.shell.width = page.width or 1366
        self.shell.role = (
            "secretary" if self.actor.has(Role.SECRETARY) and not self.actor.has(Role.DOCTOR) else "doctor"
        )
        if not self.prefs.welcomed and self.shell.role == "doctor":
            self.shell.view = WELCOME
        self.live.form_id = self.kinds()[0].id
        self._stops = [
            self.desk.subscribe(self._events_any_thread, self._level_any_thread),
            self.office.watch(lambda: self._later(self._reload_list)),
        ]
        self.channel.listeners.append(self._said)
        self.channel.sound = self.desk.push
        self.channel.wanted_microphone = self._wanted_microphone
        self.refresh_devices()
        self._reload_list()
        self._sync(frozenset())
        page.render(Root, self)

    def _back(self) -> None:
        """The page was away (reload, sleep): everything that moved meanwhile is shown."""
        self._reload_list()
        review = self.desk.session.state.review
        self._sync(frozenset(s.key for s in review.draft.sections) if review is not None else frozenset())

    def _shut(self) -> None:
        for stop in self._stops:
            stop()
        with suppress(ValueError):
            self.channel.listeners.remove(self._said)

    def appearance(self) -> None:
        """Theme, mode and text size."""
        page, prefs = self.page, self.prefs
        page.theme, page.dark_theme = face(LIGHT, prefs.scale), face(DARK, prefs.scale)
        page.theme_mode = {"light": ft.ThemeMode.LIGHT, "dark": ft.ThemeMode.DARK}.get(prefs.theme, ft.ThemeMode.SYSTEM)
        self.shell.dark = prefs.theme == "dark"
        self.shell.scale = prefs.scale

    def ref(self, name: str) -> ft.Ref[Any]:
        """A handle on a control, by name, to focus or scroll to it."""
        return self._refs.setdefault(name, ft.Ref())

    async def focus_on(self, name: str) -> None:
        """Puts the keyboard focus on a control when it is on the screen."""
        control = self.ref(name).current
        if control is not None:
            with suppress(Exception):  # it may have left the screen in between
                await control.focus()

    # -- bringing events in -----------------------------------------------------------------------

    def _later(self, work: Callable[..., object], *args: Any) -> None:
        if self.page.session.connection is None:  # the page is away: it is brought up to date when it is back
            return

        async def run() -> None:
            work(*args)

        with suppress(RuntimeError):  # the loop is closing
            self.page.run_task(run)

    def _events_any_thread(self, events: tuple[e.Event, ...]) -> None:
        self._later(self._on_events, events)

    def _level_any_thread(self, loudness: Loudness) -> None:
        self._later(self._on_level, loudness)

    def _on_level(self, loudness: Loudness) -> None:
        meter = self.meter
        object.__setattr__(meter, "elapsed_s", self.desk.elapsed_s)
        object.__setattr__(meter, "clipped", loudness.clipped)
        object.__setattr__(meter, "peak", max(loudness.level, meter.peak * 0.92))
        meter.level = loudness.level

    def _on_events(self, events: tuple[e.Event, ...]) -> None:
        redraw: set[str] = set()
        t = self.t
        for event in events:
            match event:
                case e.ReviewChanged(changed):
                    redraw |= set(changed)
                case e.DiscardAsked():
                    self.ask("discard")
                case e.Blocked():
                    self.review.blocked = True
                    self.shell.notice(
                        "check", t.count("sign.blocked", len(event.blockers)), (t("walk.next"), "next_stop")
                    )
                    if self.review.stop is None:
                        self.next_stop()
                case e.Refused(code, message) | e.Trouble(code, message):
                    tone = "alarm" if isinstance(event, e.Trouble) else "check"
                    if code == "dictation.conflict":
                        self.ask("conflict")
                    self.shell.notice(tone, message)
                case e.Recovered():
                    self.shell.notice("done", t("engine.recovered"))
                case e.WordLearnable(heard, wanted):
                    self.shell.dialog_data = (heard, wanted)
                    self.shell.notice("info", t("word.learn", wanted=wanted), (t("word.learn_yes"), "learn"))
                case e.FormProposed(form_id):
                    form = self.office.form(form_id)
                    if form is not None:
                        self.shell.notice(
                            "info", t("live.kind_heard", kind=form.title), (t("live.kind_take"), "take_kind")
                        )
                case e.WantSignature():
                    self.shell.dialog = None
                case e.PhaseChanged(Phase.SIGNED) if len(events) == 1:
                    self.shell.notice("done", t("sign.done"))
                case _:
                    pass
        self._sync(frozenset(redraw))

    def _sync(self, redraw: frozenset[str]) -> None:
        """View models up to the session's state."""
        state, shell, live = self.desk.session.state, self.shell, self.live
        if shell.phase is not state.phase:
            shell.phase = state.phase
        if shell.engine_down != (state.engine_down or self.office.engine_down):
            shell.engine_down = state.engine_down or self.office.engine_down
        if state.phase in (Phase.LISTENING, Phase.TRANSCRIBING, Phase.DRAFTING):
            progress = self.desk.progress
            preferences.assign(
                live,
                form_id=state.form_id or live.form_id,
                proposed=state.proposed_form,
                paused=state.paused,
                final=" ".join(w.text for w in state.words[-400:]),
                stable=state.stable,
                unstable=state.unstable,
                words=len(state.words),
                draft=state.live,
                progress=progress.done if progress else None,
                what=progress.what if progress else "",
            )
        if self._redrawing and state.phase is Phase.REVIEWING:
            self._redrawing = False
            if not state.pending:
                self.shell.notice("done", self.t("diff.none"))
        if state.review is not None:
            form = self.office.form(state.review.draft.form_id)
            self.review.show(state, form, redraw=redraw)
            self.review.saved = self.desk.saved
            kept = self.desk.dictation
            self.review.issued = kept is not None and kept.state in (State.SIGNED, State.EXPORTED)
            if self.transcript.show(state.review.draft.transcript):
                dictation = self.desk.dictation
                self.transcript.has_sound = bool(dictation and dictation.has_audio)
            preferences.redraw(self.transcript)
        elif self.review.document_id is not None:
            self.review.document_id = None
            self.transcript.show(None)
        selected = self.desk.dictation.id if self.desk.dictation else None
        if self.list.selected != selected:
            self.list.selected = selected

    def _reload_list(self) -> None:
        store, by = self.office.store, self.actor
        wanted = filters.of(self.list.filter, by, self.list.search)
        with suppress(CalameError):
            self.list.items = store.worklist.list(wanted, by=by)
            self.list.counts = store.worklist.counts(WorklistFilter(), by=by)
            self.list.tasks = store.worklist.tasks(by=by)

    # -- the browser's side --------------------------------------------------------------------------

    def _said(self, said: dict[str, Any]) -> None:
        """What ``calame.js`` tells, on the server's loop."""
        match said.get("say"):
            case "at":
                self._later(self.transcript.play_at, float(said.get("s", 0)), bool(said.get("playing")))
                if bool(said.get("playing")) != self.transcript.playing:
                    self._later(preferences.redraw, self.transcript)
            case "mic-gone":
                if self.desk.session.state.phase is Phase.LISTENING and not self.desk.session.state.paused:
                    self.desk.do(c.DeviceTrouble("device.gone", self.t("live.mic_gone")))
                    self.desk.do(c.PauseDictation())
            case "mic-error":
                key = "live.mic_denied" if said.get("name") == "NotAllowedError" else "live.mic_absent"
                self.desk.do(c.DeviceTrouble("device.refused", self.t(key)))
                self.desk.do(c.Discard(confirmed=True))
            case "sound-error":
                self._later(self.shell.notice, "check", self.t("sound.error"))
            case "dropped":
                self._later(self.hear_file, str(said["name"]), bytes(said["content"]))

    def _wanted_microphone(self) -> dict[str, Any] | None:
        if self.desk.session.state.phase is Phase.LISTENING and self.desk.uses_browser:
            return {"device": None}
        return None

    # -- dictating -----------------------------------------------------------------------------

    def kinds(self) -> list[Form]:
        """Kinds of document, this person's usual ones first."""
        order = {form_id: n for n, form_id in enumerate(self.prefs.recent)}
        forms = list(self.office.parts.forms)
        first = {form_id: n for n, form_id in enumerate(FIRST_KINDS)}
        return sorted(forms, key=lambda f: (order.get(f.id, 99), first.get(f.id, 99), forms.index(f)))

    def kind(self, form_id: str | None) -> str:
        """Title of a kind."""
        form = self.office.form(form_id or "")
        return form.title.split(" (")[0] if form else self.t("kind.none")

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
        self.shell.view = DESK
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

    def pick_device(self, name: str) -> None:
        """The microphone for the next dictation."""
        self.live.device = self.prefs.device = name
        self._save_prefs()

    def test_microphone(self) -> None:
        """Shows the level without keeping a sound."""
        from ui.levels import LevelTest

        self.live.testing = not self.live.testing
        LevelTest.toggle(self)

    # -- reviewing -----------------------------------------------------------------------------

    def open_dictation(self, dictation_id: str) -> None:
        """A line of the worklist."""
        if self.shell.phase is Phase.LISTENING:
            self.shell.notice("check", self.t("live.busy"))
            return
        self.shell.view = DESK
        self.desk.open(dictation_id)
        self._mark_news(dictation_id)

    def _mark_news(self, dictation_id: str) -> None:
        """Sections somebody else changed since this person last looked."""
        review = self.desk.session.state.review
        if review is None:
            return
        seen = self.prefs.seen.get(dictation_id, 0)
        others = {
            d.field_id.removeprefix("section:")
            for d in decisions_since(review, min(seen, len(review.decisions)))
            if d.by != self.actor.account_id
        }

        def apply() -> None:
            for section in self.review.sections:
                section.news = section.key in others or any(f.id in others for f in section.facts)
            if others:
                self.shell.notice("info", self.t.count("review.news", len(others)))

        self._later(apply)
        self.prefs.seen[dictation_id] = len(review.decisions)
        self._save_prefs()

    def move(self, step: int) -> None:
        """Next or previous line."""
        ids = [item.id for item in self.list.items]
        if not ids:
            return
        at = ids.index(self.list.selected) if self.list.selected in ids else (-1 if step > 0 else 0)
        self.open_dictation(ids[(at + step) % len(ids)])

    def close(self) -> None:
        """Back to the worklist."""
        self.desk.close()

    def focus(self, key: str | None) -> None:
        """A section has the focus: its words are highlighted."""
        self.highlight(self.review.focus(key))

    def highlight(self, spans: tuple[Span, ...]) -> None:
        """Marks words and brings them into view."""
        self.transcript.highlight(spans)
        if self.transcript.anchor is not None:
            self.page.run_task(self._scroll_to_word, self.transcript.anchor)

    async def _scroll_to_word(self, n: int) -> None:
        block = self.transcript.block_of(n)
        pane = self.ref("transcript").current
        if block is not None and pane is not None:
            with suppress(Exception):  # the pane may be hidden
                await pane.scroll_to(scroll_key=f"block-{block}", duration=200)

    def edit(self, key: str, text: str) -> None:
        """A key was pressed in a section."""
        section = self.review.section(key)
        if section is not None:
            section.type_in(text)
        self.desk.do(c.EditSection(key, text))

    def show_fact(self, fact: Fact) -> None:
        """A fact was clicked: its words, and its sound."""
        self.highlight(fact.spans)
        self.play_spans(fact.spans)

    def edit_fact(self, fact: Fact | None, section: str) -> None:
        """Opens or closes the typed inputs of a fact."""
        vm = self.review.section(section)
        if vm is not None:
            vm.editing = fact.id if fact is not None and vm.editing != fact.id else None

    def set_fact(self, fact: Fact, changed: dict[str, Any]) -> None:
        """New values of a fact's parts."""
        section = next((s for s in self.review.sections if fact in s.facts), None)
        try:
            self.desk.do(c.EditField(fact.id, edited_value(fact.field, changed)))
        except ValueError:
            self.shell.notice("check", self.t("fact.wrong"))
            return
        if section is None:
            return
        now = reworded(section.text, fact.field.value, changed)
        if now is None:
            self.shell.notice("check", self.t("fact.look", title=section.title))
        elif now != section.text:
            self.desk.do(c.EditSection(section.key, now))
            self._sync(frozenset({section.key}))

    def confirm(self, target: str) -> None:
        """One key: what stands there is what was said."""
        self.desk.do(c.Confirm(target))

    def reject(self, target: str) -> None:
        """Out of the document."""
        self.desk.do(c.Reject(target))

    def next_stop(self) -> None:
        """F8."""
        review = self.desk.session.state.review
        if review is None:
            return
        stop = next_stop(review, self.review.stop.target if self.review.stop else None)
        self._go(stop)

    def go_to(self, stop: Stop) -> None:
        """A stop was chosen in the list."""
        self._go(stop)

    def _go(self, stop: Stop | None) -> None:
        self.review.at(stop)
        if stop is None:  # the bar of the walk says so itself
            return
        self.highlight(stop.spans)
        if stop.section is not None:
            self.page.run_task(self._scroll_to_section, stop.section)

    async def _scroll_to_section(self, key: str) -> None:
        pane = self.ref("document").current
        if pane is not None:
            with suppress(Exception):
                await pane.scroll_to(scroll_key=f"section-{key}", duration=200)

    def confirm_stop(self) -> None:
        """F9: confirms what the walk stands at and goes on."""
        stop = self.review.stop
        if stop is None:
            self.next_stop()
            return
        review = self.desk.session.state.review
        following = next_stop(review, stop.target) if review is not None else None
        self.desk.do(c.Confirm(stop.target))
        last = following is None or following.target == stop.target
        self._later(self._go, None if last else following)

    def choose_candidate(self, stop: Stop, wanted: str) -> None:
        """One of the words a finding offers instead."""
        if stop.finding is not None and stop.finding.span is not None:
            self.desk.do(c.CorrectWord(stop.finding.span.first, wanted))

    def undo(self) -> None:
        """One decision back."""
        self.desk.do(c.Undo())

    def redo(self) -> None:
        """One decision forward."""
        self.desk.do(c.Redo())

    def redraft(self) -> None:
        """« Redessiner »."""
        self._redrawing = True
        self.desk.do(c.Redraft())

    def take(self, key: str | None, accept: bool) -> None:
        """One section of the new draft, or all."""
        self.desk.do(c.TakeProposal(key, accept))

    def sign(self) -> None:
        """Ctrl+Entrée."""
        if self.shell.phase is Phase.LISTENING:
            self.finish()
        elif self.shell.phase is Phase.REVIEWING:
            self.desk.flush()
            self.desk.do(c.Sign())

    # -- words and sound ---------------------------------------------------------------------------

    def word(self, n: int) -> None:
        """A word was clicked: the sound from there, and the word ready to be corrected."""
        words = self.transcript.words
        if not 0 <= n < len(words):
            return
        self.transcript.chosen = n
        self.play_from(words[n].start_s)

    def play_from(self, seconds: float, until: float | None = None) -> None:
        """The recording from there."""
        if self.list.selected is None or not self.transcript.has_sound:
            return
        self.channel.order(
            "play",
            src=f"/son/{self.list.selected}.wav",
            at=max(0.0, seconds - BEFORE_S),
            until=until,
            rate=self.transcript.rate,
        )

    def play_spans(self, spans: tuple[Span, ...]) -> None:
        """The sound of some words."""
        words = self.transcript.words
        if spans and spans[-1].last <= len(words):
            self.play_from(words[spans[0].first].start_s, words[spans[-1].last - 1].end_s + AFTER_S)

    def play_pause(self) -> None:
        """F7."""
        if self.transcript.playing:
            self.channel.order("pause")
            return
        anchor = self.transcript.anchor
        start = self.transcript.words[anchor].start_s if anchor is not None else self.transcript.at_s
        self.play_from(start)

    def skip(self, seconds: float) -> None:
        """A little back or forward."""
        self.play_from(max(0.0, self.transcript.at_s + seconds))

    def set_rate(self, rate: float) -> None:
        """0.75 to 2 times."""
        self.transcript.rate = rate
        self.channel.order("rate", rate=rate)

    def correct_word(self, n: int, wanted: str) -> None:
        """The transcript heard wrong."""
        self.shell.dialog = None
        self.desk.do(c.CorrectWord(n, wanted))

    def learn(self) -> None:
        """The corrected word joins the vocabulary."""
        if isinstance(self.shell.dialog_data, tuple):
            heard, wanted = self.shell.dialog_data
            try:
                self.office.store.corrections.add(heard, wanted, by=self.actor)
            except CalameError as error:
                self.shell.notice("check", error.message)
            else:
                self.shell.notice("done", self.t("word.learnt", wanted=wanted))

    # -- together ------------------------------------------------------------------------------

    def send_to(self, role: Role) -> None:
        """To the secretary, or back to the doctor."""
        to = State.CORRECTED if role is Role.DOCTOR and not self.actor.has(Role.DOCTOR) else State.TO_REVIEW
        store = self.office.store
        done = self.desk.act(
            lambda d: store.dictations.transition(d.id, to, by=self.actor, version=d.version, reviewer=role)
        )
        if done:
            self.shell.notice("done", self.t("sent.ready" if to is State.CORRECTED else f"sent.{role.value}"))
            self.close()

    def ask_doctor(self, text: str, place: Place | None) -> None:
        """The secretary's question, pinned to a place."""
        store = self.office.store
        self.shell.dialog = None
        if text.strip() and self.desk.act(
            lambda d: store.dictations.ask(d.id, text.strip(), by=self.actor, version=d.version, place=place)
        ):
            self.shell.notice("done", self.t("query.sent"))

    def ask_about(self, n: int) -> None:
        """A question pinned to the section that holds word ``n``."""
        review = self.desk.session.state.review
        key = section_of(review.draft, (Span(n, n + 1),)) if review is not None else None
        self.ask("query", Place(f"section:{key}") if key else False)

    def answer(self, query_id: str, text: str) -> None:
        """The doctor's answer."""
        store = self.office.store
        if text.strip():
            self.desk.act(lambda d: store.dictations.answer(query_id, text.strip(), by=self.actor))

    def queries(self) -> tuple[Any, ...]:
        """Questions on the open document."""
        if self.desk.dictation is None:
            return ()
        with suppress(CalameError):
            return self.office.store.dictations.queries(self.desk.dictation.id, by=self.actor)
        return ()

    def tick(self, task_id: str) -> None:
        """A task of the doctor's note is done."""
        with suppress(CalameError):
            self.office.store.worklist.tick(task_id, by=self.actor)
        self._reload_list()

    def set_identity(self, consultation: Consultation) -> None:
        """Patient and recipient of the open document."""
        store = self.office.store
        self.shell.dialog = None
        self.desk.act(lambda d: store.dictations.set_consultation(d.id, consultation, by=self.actor, version=d.version))

    def set_priority(self, priority: int) -> None:
        """How soon."""
        self.desk.assign(priority=Priority(priority))

    def set_due(self, days: int | None) -> None:
        """Due in some days."""
        now = self.office.parts.ports.clock()
        self.desk.assign(due_at=now + dt.timedelta(days=days) if days is not None else None)

    # -- after signing ---------------------------------------------------------------------------

    def text_of(self, key: str | None = None) -> str:
        """The document, or one section, as plain text."""
        review, dictation = self.desk.session.state.review, self.desk.dictation
        if review is None:
            return ""
        if key is not None:
            return review.text(key)
        form = self.office.form(review.draft.form_id)
        assert form is not None
        consultation = dictation.consultation if dictation else Consultation()
        return self.office.parts.renderer.text(review, form, consultation)

    async def copy(self, key: str | None = None) -> None:
        """For pasting in the practice's record system."""
        await self.clipboard.set(self.text_of(key))
        self.shell.notice("done", self.t("copied.section" if key else "copied.all"))

    def download(self, kind: str) -> None:
        """.docx or .pdf."""
        dictation = self.desk.dictation
        if dictation is not None:
            self.channel.order("save", src=f"/document/{dictation.id}.{kind}")

    def print(self) -> None:
        """The browser's own printing, of the PDF."""
        dictation = self.desk.dictation
        if dictation is not None:
            self.channel.order("print", src=f"/document/{dictation.id}.pdf")

    def has_pdf(self) -> bool:
        """True when a PDF was made at signing."""
        dictation = self.desk.dictation
        with suppress(CalameError):
            return dictation is not None and any(
                "pdf" in d.media_type for d in self.office.store.dictations.documents(dictation.id, by=self.actor)
            )
        return False

    def pages(self) -> tuple[bytes, ...]:
        """PNG pages of the signed document."""
        dictation = self.desk.dictation
        with suppress(CalameError):
            documents = self.office.store.dictations.documents(dictation.id, by=self.actor) if dictation else ()
            for document in sorted(documents, key=lambda d: "pdf" not in d.media_type):
                pages = self.office.parts.renderer.pages(document)
                if pages:
                    return pages
        return ()

    def reopen(self) -> None:
        """Change a signed document: it must be signed again."""
        store = self.office.store
        if (
            self.desk.act(
                lambda d: store.dictations.transition(d.id, State.TO_REVIEW, by=self.actor, version=d.version)
            )
            and self.desk.dictation is not None
        ):
            self.desk.open(self.desk.dictation.id)

    def exported(self) -> None:
        """« Versé au dossier »: audio and texts go at once."""
        store = self.office.store
        if self.desk.act(lambda d: store.dictations.mark_exported(d.id, by=self.actor, version=d.version)):
            self.shell.notice("done", self.t("export.done"))
            self.close()

    # -- frame ----------------------------------------------------------------------------------

    def ask(self, dialog: str | None, data: object = None) -> None:
        """Opens (or closes) a question."""
        self.shell.dialog_data = data if data is not None else self.shell.dialog_data
        self.shell.dialog = dialog

    def act(self, name: str) -> None:
        """The action of a notice."""
        getattr(self, name)()

    def go(self, view: str) -> None:
        """Another view."""
        self.desk.flush()
        self.shell.view = view

    def set_filter(self, name: str) -> None:
        """Which lines."""
        self.list.filter = name
        self._reload_list()

    def search(self, text: str) -> None:
        """By patient."""
        object.__setattr__(self.list, "search", text)
        self._reload_list()

    def set_preference(self, **changed: Any) -> None:
        """Language, theme, size."""
        for name, value in changed.items():
            setattr(self.prefs, name, value)
        self._save_prefs()
        if "language" in changed:
            self.t = Texts(self.prefs.language)
            self.shell.language = self.t.language
        if "theme" in changed:
            self.shell.theme = self.prefs.theme
        self.appearance()
        self.page.update()

    def _save_prefs(self) -> None:
        preferences.save(self.office.store, self.actor, self.prefs)

    def welcomed(self) -> None:
        """The first-run tour is over; kept for the record of training (AI Act art. 4)."""
        self.prefs.welcomed = True
        self._save_prefs()
        self.shell.view = DESK

    def lock(self) -> None:
        """« Verrouiller »."""
        self.desk.flush()
        self.office.store.accounts.lock(self.actor)
        self.channel.everywhere("leave")

    def leave(self) -> None:
        """« Se déconnecter »."""
        self.desk.flush()
        self.office.store.accounts.logout(self.actor)
        self._end_login()
        self.channel.everywhere("leave")

    def _key(self, event: ft.KeyboardEvent) -> None:
        name = keys.action(event, self.shell.phase, dialog=self.shell.dialog)
        if name is not None:
            result = keys.run(self, name)
            if asyncio.iscoroutine(result):

                async def finish() -> None:
                    await result

                self.page.run_task(finish)
