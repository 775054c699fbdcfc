"""Sign-in, first account and lock: plain pages of HTML, readable before anything heavy is loaded."""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path
from string import Template

from ui.texts import Texts

_PAGES = Path(__file__).parent / "pages"


def page(texts: Texts, title: str, body: str, *, wide: bool = False) -> str:
    """A whole page around ``body`` (already HTML)."""
    frame = Template((_PAGES / "page.html").read_text("utf-8"))
    out = frame.substitute(lang=texts.language, title=html.escape(title), body=body, footer=texts("sign_in.footer"))
    return out.replace('class="sheet"', 'class="sheet wide"') if wide else out


def _alert(message: str | None) -> str:
    return f'<p class="alert" role="alert">{html.escape(message)}</p>' if message else ""


def _input(name: str, caption: str, value: str = "", *, kind: str = "text", hint: str = "", more: str = "") -> str:
    described = f' aria-describedby="{name}-hint"' if hint else ""
    note = f'<p class="hint" id="{name}-hint">{html.escape(hint)}</p>' if hint else ""
    return (
        f'<label for="{name}">{html.escape(caption)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" value="{html.escape(value)}"{described} {more}>{note}'
    )


def login_page(
    texts: Texts,
    *,
    user: str = "",
    error: str | None = None,
    locked: bool = False,
    totp: bool = False,
    passphrase: bool = False,
) -> str:
    """« Ouvrir Calame »; ``locked`` after a time without activity, for the same person."""
    focus = "autofocus"
    body = f"<p>{html.escape(texts('sign_in.locked' if locked else 'sign_in.lead'))}</p>{_alert(error)}"
    body += '<form method="post" action="/connexion">'
    if passphrase:
        body += _input(
            "passphrase",
            texts("sign_in.passphrase"),
            kind="password",
            hint=texts("sign_in.passphrase_hint"),
            more="required",
        )
    body += _input(
        "login", texts("sign_in.login"), user, more=f'autocomplete="username" required {"" if user else focus}'
    )
    body += _input(
        "password",
        texts("sign_in.password"),
        kind="password",
        more=f'autocomplete="current-password" required {focus if user else ""}',
    )
    if totp:
        body += _input("totp", texts("sign_in.totp"), more='inputmode="numeric" autocomplete="one-time-code"')
    body += f"<button>{html.escape(texts('sign_in.open'))}</button></form>"
    return page(texts, texts("sign_in.title"), body)


def welcome_page(
    texts: Texts, values: Mapping[str, str] | None = None, *, error: str | None = None, passphrase: bool = False
) -> str:
    """First run: the first doctor's account."""
    kept = values or {}
    body = '<ul class="steps" aria-hidden="true"><li class="on"></li><li></li><li></li><li></li></ul>'
    body += f"<p>{html.escape(texts('welcome.lead'))}</p>{_alert(error)}"
    body += '<form method="post" action="/bienvenue">'
    body += _input("name", texts("welcome.name"), kept.get("name", ""), more='autocomplete="name" required autofocus')
    body += _input(
        "login",
        texts("welcome.login"),
        kept.get("login", ""),
        hint=texts("welcome.login_hint"),
        more='autocomplete="username" required',
    )
    for name in ("password", "again"):
        body += _input(
            name,
            texts(f"welcome.{name}"),
            kind="password",
            hint=texts("welcome.password_hint") if name == "password" else "",
            more='autocomplete="new-password" required',
        )
    if passphrase:
        hint = texts("welcome.passphrase_hint")
        body += _input("passphrase", texts("welcome.passphrase"), kind="password", hint=hint, more="required")
    body += f"<button>{html.escape(texts('welcome.create'))}</button></form>"
    return page(texts, texts("welcome.title"), body, wide=True)


def recovery_page(texts: Texts, code: str) -> str:
    """The recovery code, shown once."""
    body = '<ul class="steps" aria-hidden="true"><li class="on"></li><li class="on"></li><li></li><li></li></ul>'
    body += f"<p>{html.escape(texts('welcome.recovery_lead'))}</p>"
    body += f'<div class="code" id="code">{html.escape(code)}</div>'
    body += f"<p>{html.escape(texts('welcome.recovery_where'))}</p>"
    body += '<form method="get" action="/">'
    body += (
        f'<label class="check"><input type="checkbox" required> <span>{html.escape(texts("welcome.noted"))}</span></label>'
        f"<button>{html.escape(texts('welcome.go_on'))}</button></form>"
    )
    return page(texts, texts("welcome.recovery_title"), body, wide=True)
