"""Settings: practice, recipients, vocabulary, snippets, models, retention, accounts, appearance, proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import flet as ft

from app.recipients import read_recipients
from dictation.errors import CalameError
from records import Retention, Role
from ui.components.welcome import model_row
from ui.parts import (
    button,
    card,
    choice,
    field,
    heading,
    icon_button,
    label,
    main_button,
    muted,
    named,
    quiet,
    strong,
    text,
)
from ui.preferences import PRACTICE_PROFILE, PROFILE, RECIPIENTS, SNIPPETS
from ui.state.shell import ShellVM
from ui.theme import Ink

if TYPE_CHECKING:
    from ui.window import Window

TABS = ("practice", "recipients", "vocabulary", "snippets", "models", "retention", "people", "appearance", "proof")
#: own lines of the doctor, the others are the practice's
_OWN = ("name", "specialty", "rpps", "email")
_PRACTICE = ("address", "phone", "place")


@ft.component
def SettingsView(win: Window, shell: ShellVM) -> ft.Control:
    """Tabs on the left, the tab on the right."""
    t = win.t
    pages = {
        "practice": Practice,
        "recipients": Recipients,
        "vocabulary": Vocabulary,
        "snippets": Snippets,
        "models": Models,
        "retention": Keeping,
        "people": People,
        "appearance": Appearance,
        "proof": Proof,
    }

    def tab(name: str) -> ft.Control:
        here = shell.tab == name
        return ft.Container(
            quiet(t(f"settings.{name}"), lambda: setattr(shell, "tab", name), key=f"tab-{name}"),
            bgcolor=Ink.ACCENT_SOFT if here else None,
            border_radius=6,
        )

    return named(
        "settings",
        ft.Row(
            expand=True,
            spacing=0,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            controls=[
                ft.Container(
                    ft.Column(
                        [heading(t("settings.title"), size=22), muted(t("settings.lead")), *[tab(n) for n in TABS]],
                        spacing=4,
                        scroll=ft.ScrollMode.AUTO,
                        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                    ),
                    width=250,
                    padding=18,
                    bgcolor=Ink.PANE,
                    border=ft.Border.only(right=ft.BorderSide(1, Ink.LINE)),
                ),
                ft.Container(
                    ft.Column(
                        [ft.Container(pages[shell.tab](win, shell), width=820)],
                        scroll=ft.ScrollMode.AUTO,
                        expand=True,
                    ),
                    expand=True,
                    padding=24,
                    bgcolor=Ink.DESK,
                ),
            ],
        ),
        expand=True,
    )


def _try(win: Window, work: Callable[[], Any], done: str = "settings.saved") -> bool:
    try:
        work()
    except CalameError as error:
        win.shell.notice("check", error.message)
        return False
    win.shell.notice("done", win.t(done))
    return True


@ft.component
def Practice(win: Window, shell: ShellVM) -> ft.Control:
    """The doctor's and the practice's lines on paper."""
    t, settings = win.t, win.office.store.settings
    own, practice = (
        settings.get(PROFILE, {}, by=win.actor) or {},
        settings.get(PRACTICE_PROFILE, {}, by=win.actor, practice=True) or {},
    )
    given, _ = ft.use_state({"name": win.actor.name, **practice, **own})

    def blank(key: str, **more: Any) -> ft.Container:
        made = field(
            t(f"settings.{key}"), given.get(key, ""), lambda e: given.__setitem__(key, e.control.value), **more
        )
        return ft.Container(made, expand=True)

    def keep() -> None:
        rpps = "".join(given.get("rpps", "").split())
        if rpps and not (rpps.isdigit() and len(rpps) == 11):
            win.shell.notice("check", t("settings.rpps_wrong"))
            return

        def work() -> None:
            settings.set(PROFILE, {k: given.get(k, "").strip() for k in _OWN} | {"rpps": rpps}, by=win.actor)
            if win.actor.has(Role.DOCTOR) or win.actor.has(Role.ADMINISTRATOR):
                lines = {k: given.get(k, "").strip() for k in _PRACTICE}
                settings.set(PRACTICE_PROFILE, lines, by=win.actor, practice=True)

        _try(win, work)

    return card(
        label(t("settings.practice")),
        muted(t("settings.profile_lead")),
        ft.Row([blank("name"), blank("specialty")], spacing=10),
        ft.Row([blank("rpps"), blank("email")], spacing=10),
        ft.Row([blank("address", multiline=True, min_lines=2, max_lines=4)], spacing=10),
        ft.Row([blank("phone"), blank("place")], spacing=10),
        ft.Row([main_button(t("save"), keep, key="save-practice")], alignment=ft.MainAxisAlignment.END),
    )


@ft.component
def Recipients(win: Window, shell: ShellVM) -> ft.Control:
    """The book of colleagues; CSV and vCard."""
    t, settings = win.t, win.office.store.settings
    version, redraw = ft.use_state(0)
    rows: list[dict[str, str]] = list(settings.get(RECIPIENTS, [], by=win.actor, practice=True) or [])
    given, _ = ft.use_state({"name": "", "specialty": "", "address": ""})

    def put(changed: list[dict[str, str]], done: str = "settings.saved") -> None:
        if _try(win, lambda: settings.set(RECIPIENTS, changed, by=win.actor, practice=True), done):
            redraw(version + 1)

    def add() -> None:
        if given["name"].strip():
            put([*rows, {k: v.strip() for k, v in given.items()}])
            for key in given:
                given[key] = ""

    async def load() -> None:
        files = await win.picker.pick_files(with_data=True, allow_multiple=False)
        if not files or not files[0].bytes:
            return
        try:
            found = read_recipients(files[0].name, bytes(files[0].bytes))
        except CalameError as error:
            win.shell.notice("check", error.message)
            return
        known = {r.get("name") for r in rows}
        put([*rows, *[asdict(r) for r in found if r.name not in known]])
        win.shell.notice("done", t("settings.recipients_done", n=len(found)))

    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(strong(r.get("name", "")), width=240),
                ft.Container(muted(r.get("specialty", "")), width=180),
                ft.Container(muted(r.get("address", "").replace("\n", ", "), lines=1), expand=True),
                icon_button(
                    ft.Icons.CLOSE,
                    t("settings.vocabulary_forget"),
                    lambda r=r: put([x for x in rows if x != r]),
                    size=16,
                ),
            ]
        )
        for r in rows
    ]
    return card(
        label(t("settings.recipients")),
        muted(t("settings.recipients_lead")),
        *(lines or [muted(t("settings.recipients_none"))]),
        ft.Row(
            [
                ft.Container(
                    field(t("settings.name"), given["name"], lambda e: given.__setitem__("name", e.control.value)),
                    expand=True,
                ),
                ft.Container(
                    field(
                        t("settings.specialty"),
                        given["specialty"],
                        lambda e: given.__setitem__("specialty", e.control.value),
                    ),
                    expand=True,
                ),
                ft.Container(
                    field(
                        t("settings.address"), given["address"], lambda e: given.__setitem__("address", e.control.value)
                    ),
                    expand=True,
                ),
                main_button(t("settings.recipients_add"), add),
            ],
            spacing=10,
        ),
        ft.Row([button(t("settings.recipients_import"), load, icon=ft.Icons.UPLOAD_FILE)]),
    )


@ft.component
def Vocabulary(win: Window, shell: ShellVM) -> ft.Control:
    """What was learnt from corrections."""
    t, corrections = win.t, win.office.store.corrections
    version, redraw = ft.use_state(0)

    def forget(heard: str, wanted: str) -> None:
        if _try(win, lambda: corrections.forget(heard, wanted, by=win.actor)):
            redraw(version + 1)

    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(strong(x.wanted), width=240),
                ft.Container(muted(f"← {x.heard}"), expand=True),
                muted(f"× {x.count}"),
                icon_button(
                    ft.Icons.CLOSE, t("settings.vocabulary_forget"), lambda x=x: forget(x.heard, x.wanted), size=16
                ),
            ]
        )
        for x in corrections.list(by=win.actor)
    ]
    return card(
        label(t("settings.vocabulary")),
        muted(t("settings.vocabulary_lead")),
        *(rows or [muted(t("settings.vocabulary_none"))]),
    )


@ft.component
def Snippets(win: Window, shell: ShellVM) -> ft.Control:
    """« Insérer texte type NOM »."""
    t, settings = win.t, win.office.store.settings
    version, redraw = ft.use_state(0)
    kept: dict[str, str] = dict(settings.get(SNIPPETS, {}, by=win.actor) or {})
    given, _ = ft.use_state({"name": "", "text": ""})

    def put(changed: dict[str, str]) -> None:
        if _try(win, lambda: settings.set(SNIPPETS, changed, by=win.actor)):
            redraw(version + 1)

    def add() -> None:
        if given["name"].strip() and given["text"].strip():
            put({**kept, given["name"].strip(): given["text"].strip()})
            given["name"] = given["text"] = ""

    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(strong(name), width=180),
                ft.Container(muted(body, lines=2), expand=True),
                icon_button(
                    ft.Icons.CLOSE,
                    t("settings.vocabulary_forget"),
                    lambda name=name: put({k: v for k, v in kept.items() if k != name}),
                    size=16,
                ),
            ]
        )
        for name, body in kept.items()
    ]
    return card(
        label(t("settings.snippets")),
        muted(t("settings.snippets_lead")),
        *(rows or [muted(t("settings.snippets_none"))]),
        field(t("settings.snippets_name"), given["name"], lambda e: given.__setitem__("name", e.control.value)),
        field(
            t("settings.snippets_text"),
            given["text"],
            lambda e: given.__setitem__("text", e.control.value),
            multiline=True,
            min_lines=3,
            max_lines=8,
        ),
        ft.Row([main_button(t("settings.recipients_add"), add)], alignment=ft.MainAxisAlignment.END),
    )


@ft.component
def Models(win: Window, shell: ShellVM) -> ft.Control:
    """The catalogue."""
    t = win.t
    return card(
        label(t("settings.models")),
        muted(t("settings.models_lead")),
        *[model_row(win, row) for row in win.office.parts.models()],
        text("calame models pull NOM", size=12, family="DejaVu Sans Mono", color=Ink.MUTED),
    )


@ft.component
def Keeping(win: Window, shell: ShellVM) -> ft.Control:
    """How long things stay."""
    t, keeper = win.t, win.office.store.retention
    policy = keeper.policy()
    given, _ = ft.use_state(
        {
            "audio": str(policy.audio_after_signature_h),
            "unsigned": str(policy.unsigned_days),
            "document": str(policy.document_after_export_h),
        }
    )

    def keep() -> None:
        try:
            audio, unsigned, document = (int(given[k]) for k in ("audio", "unsigned", "document"))
        except ValueError:
            win.shell.notice("check", t("settings.retention_wrong"))
            return
        wanted = Retention(audio, unsigned, document, policy.open_task_days)
        _try(win, lambda: keeper.configure(wanted, by=win.actor))

    return card(
        label(t("settings.retention")),
        muted(t("settings.retention_lead")),
        *[
            field(
                t(f"settings.retention_{key}"), given[key], lambda e, key=key: given.__setitem__(key, e.control.value)
            )
            for key in given
        ],
        ft.Row([main_button(t("save"), keep)], alignment=ft.MainAxisAlignment.END),
    )


@ft.component
def People(win: Window, shell: ShellVM) -> ft.Control:
    """Accounts: one per person."""
    t, accounts = win.t, win.office.store.accounts
    version, redraw = ft.use_state(0)
    given, _ = ft.use_state({"name": "", "login": "", "password": "", "role": "secretary"})

    def create() -> None:
        def work() -> None:
            accounts.create(
                given["login"].strip(),
                given["password"],
                [Role(given["role"])],
                name=given["name"].strip(),
                by=win.actor,
            )

        if _try(win, work, "settings.people_done"):
            given.update(name="", login="", password="")
            redraw(version + 1)

    def named_role(account: Any) -> str:
        return ", ".join(t(f"role.{r.value}") for r in sorted(account.roles))

    rows: list[ft.Control] = [
        ft.Row([ft.Container(strong(a.name), width=240), ft.Container(muted(a.login), width=180), muted(named_role(a))])
        for a in accounts.list(active=True)
    ]

    def blank(key: str, caption: str, **more: Any) -> ft.Container:
        return ft.Container(
            field(caption, given[key], lambda e: given.__setitem__(key, e.control.value), **more), expand=True
        )

    return card(
        label(t("settings.people")),
        muted(t("settings.people_lead")),
        *rows,
        ft.Row([blank("name", t("settings.name")), blank("login", t("settings.people_login"))], spacing=10),
        ft.Row(
            [
                blank("password", t("settings.people_password"), password=True),
                ft.Container(
                    choice(
                        t("settings.people_role"),
                        given["role"],
                        [("secretary", t("role.secretary")), ("doctor", t("role.doctor"))],
                        lambda e: given.__setitem__("role", e.control.value),
                    ),
                    expand=True,
                ),
            ],
            spacing=10,
        ),
        ft.Row(
            [main_button(t("settings.people_add"), create, key="create-account")], alignment=ft.MainAxisAlignment.END
        ),
    )


@ft.component
def Appearance(win: Window, shell: ShellVM) -> ft.Control:
    """Language, theme, size of text."""
    t = win.t
    themes = [(name, t(f"settings.theme_{name}")) for name in ("system", "light", "dark")]
    scales = [
        ("0.9", "90\u00a0%"),
        ("1.0", "100\u00a0%"),
        ("1.15", "115\u00a0%"),
        ("1.3", "130\u00a0%"),
        ("1.5", "150\u00a0%"),
    ]
    return card(
        label(t("settings.appearance")),
        choice(
            t("settings.appearance_language"),
            shell.language,
            [("fr", "Français"), ("en", "English")],
            lambda e: win.set_preference(language=e.control.value),
        ),
        choice(
            t("settings.appearance_theme"), shell.theme, themes, lambda e: win.set_preference(theme=e.control.value)
        ),
        choice(
            t("settings.appearance_scale"),
            str(shell.scale),
            scales,
            lambda e: win.set_preference(scale=float(e.control.value)),
        ),
    )


@ft.component
def Proof(win: Window, shell: ShellVM) -> ft.Control:
    """The journal and the file, checked now."""
    t, store = win.t, win.office.store
    found, show = ft.use_state("")

    def verify() -> None:
        try:
            report = store.verify(by=win.actor)
        except CalameError as error:
            win.shell.notice("check", error.message)
            return
        if report.ok:
            show(t("settings.proof_ok", n=report.entries))
        else:
            show(t("settings.proof_bad", n=len(report.problems), first=report.problems[0].message))

    return card(
        label(t("settings.proof")),
        muted(t("settings.proof_lead")),
        ft.Row([button(t("settings.proof_verify"), verify, icon=ft.Icons.VERIFIED_OUTLINED)]),
        *([text(found, size=14)] if found else []),
    )
