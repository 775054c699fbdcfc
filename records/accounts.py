"""Accounts: who may sign in, with which password, second factor, and on whose behalf."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from dictation.errors import InputError, RefusedError
from records.access import Access, Verb
from records.database import Database
from records.journal import Journal
from records.ports import Ports
from records.schema import AccountRow, DelegationRow
from records.sessions import Sessions
from records.values import SYSTEM, Account, Actor, Delegation, Role

MIN_PASSWORD = 10
#: free attempts, then the wait doubles from 2 s up to 15 minutes
FREE_ATTEMPTS = 3
LONGEST_WAIT_S = 900
TOTP_STEP_S = 30


class Accounts:
    """Thread-safe. Passwords are kept as Argon2id digests, never in clear."""

    def __init__(self, database: Database, journal: Journal, access: Access, sessions: Sessions, ports: Ports) -> None:
        self._db = database
        self._journal = journal
        self._access = access
        self._sessions = sessions
        self._ports = ports
        cost = ports.login_cost
        self._hasher = PasswordHasher(cost.passes, cost.memory_kib, cost.lanes)
        self._nobody = self._hasher.hash("personne")

    # --- people ---------------------------------------------------------------------------------

    def create(
        self, login: str, password: str, roles: Iterable[Role], *, name: str = "", by: Actor | None = None
    ) -> Account:
        """A new account. The very first one needs no ``by`` and becomes administrator as well.

        Raises :class:`RefusedError` (not an administrator), :class:`InputError` (``account.login``,
        ``account.taken``, ``account.roles``, ``password.weak``).
        """
        login, wanted = login.strip().lower(), frozenset(Role(r) for r in roles)
        if not login.isascii() or not login.replace(".", "").replace("-", "").replace("_", "").isalnum():
            raise InputError("account.login", "Un identifiant ne contient que des lettres sans accent, chiffres, . - _")
        if not wanted:
            raise InputError("account.roles", "Choisissez au moins un rôle : médecin, secrétaire ou administrateur.")
        digest = self._digest(password)
        with self._journal.transaction() as (session, note):
            first = session.scalar(select(AccountRow.id).limit(1)) is None
            if first:
                wanted |= {Role.ADMINISTRATOR}
            else:
                self._access.require(session, by or _NOBODY, Verb.ACCOUNTS)
            if session.scalar(select(AccountRow.id).where(AccountRow.login == login)) is not None:
                raise InputError("account.taken", "Cet identifiant existe déjà. Choisissez-en un autre.")
            row = AccountRow(
                id=self._ports.new_id(),
                login=login,
                name=name or login,
                roles=_join(wanted),
                password_hash=digest,
                created_at=self._ports.clock(),
            )
            session.add(row)
            session.flush()
            note(by or SYSTEM, "account.created", row.id, account=login, role=_join(wanted))
            return _account(row)

    def list(self, *, role: Role | None = None, active: bool | None = None) -> tuple[Account, ...]:
        """Everybody, by name; anyone may call it (the sign-in screen, the lists of authors and typists)."""
        with self._db.read() as session:
            found = (_account(r) for r in session.scalars(select(AccountRow).order_by(AccountRow.name)))
            return tuple(
                a for a in found if (role is None or role in a.roles) and (active is None or a.active is active)
            )

    def get(self, account_id: str) -> Account:
        """One account; raises :class:`InputError` ``account.unknown``."""
        with self._db.read() as session:
            return _account(_row(session, account_id))

    def set_roles(self, account_id: str, roles: Iterable[Role], *, by: Actor) -> Account:
        """Changes the roles; the last administrator stays one (``account.last_administrator``)."""
        wanted = frozenset(Role(r) for r in roles)
        if not wanted:
            raise InputError("account.roles", "Choisissez au moins un rôle : médecin, secrétaire ou administrateur.")
        with self._journal.transaction() as (session, note):
            self._access.require(session, by, Verb.ACCOUNTS)
            row = _row(session, account_id)
            row.roles = _join(wanted)
            _keep_an_administrator(session)
            note(by, "account.roles", row.id, account=row.login, role=row.roles)
            return _account(row)

    def set_active(self, account_id: str, active: bool, *, by: Actor) -> Account:
        """Closes or reopens an account; what it dictated stays."""
        with self._journal.transaction() as (session, note):
            self._access.require(session, by, Verb.ACCOUNTS)
            row = _row(session, account_id)
            row.active = active
            _keep_an_administrator(session)
            note(by, "account.opened" if active else "account.closed", row.id, account=row.login)
        if not active:
            self._sessions.end_all(account_id)
        return _account(row)

    # --- signing in -----------------------------------------------------------------------------

    def login(self, login: str, password: str, *, totp: str | None = None) -> Actor:
        """Signs in.

        Raises :class:`RefusedError`: ``login.wrong``, ``login.totp`` (second factor missing or wrong),
        ``login.throttled`` (too many attempts; the message says how long to wait).
        """
        account = self._prove(login.strip().lower(), password, totp)
        return Actor(account.id, account.login, account.name, account.roles, self._sessions.start(account.id))

    def unlock(self, by: Actor, password: str) -> Actor:
        """Opens a session that locked itself; same refusals as :meth:`login`, without the second factor."""
        if self._prove(by.login, password, None, second_factor=False).id == by.account_id:
            self._sessions.unlock(by)
        return by

    def logout(self, by: Actor) -> None:
        """Ends the session."""
        self._sessions.end(by)

    def lock(self, by: Actor) -> None:
        """Locks the session now (« verrouiller »)."""
        self._sessions.lock(by)

    def touch(self, by: Actor) -> None:
        """A gesture of the person; raises :class:`RefusedError` ``session.locked`` after five idle minutes."""
        self._sessions.touch(by)

    def is_locked(self, by: Actor) -> bool:
        """True when locked or over; not a gesture."""
        return self._sessions.locked(by)

    def _prove(self, login: str, password: str, totp: str | None, *, second_factor: bool = True) -> Account:
        now = self._ports.clock()
        failure: RefusedError
        with self._journal.transaction() as (session, note):
            row = session.scalar(select(AccountRow).where(AccountRow.login == login).with_for_update())
            left = (row.not_before - now).total_seconds() if row is not None and row.not_before is not None else 0.0
            # a longer wait than we ever give means that the clock was set back: nobody is locked out by that
            if 0 < left <= LONGEST_WAIT_S:
                wait = int(left) + 1
                raise RefusedError("login.throttled", f"Trop d'essais. Réessayez dans {wait} secondes.")
            good = self._matches(row.password_hash if row is not None else self._nobody, password)
            if row is None or not row.active or not good:
                failure = RefusedError("login.wrong", "Identifiant ou mot de passe inconnu.")
            elif second_factor and row.totp_confirmed and not self._totp(row, totp, now):
                failure = RefusedError("login.totp", "Entrez le code à six chiffres de votre téléphone.")
                if totp is None:
                    raise failure
            else:
                row.failed_attempts, row.not_before = 0, None
                if self._hasher.check_needs_rehash(row.password_hash):
                    row.password_hash = self._hasher.hash(password)
                note(SYSTEM, "session.opened", row.id, account=row.login)
                return _account(row)
            if row is not None:
                row.failed_attempts += 1
                over = row.failed_attempts - FREE_ATTEMPTS
                if over >= 0:
                    row.not_before = now + dt.timedelta(seconds=min(2 ** (over + 1), LONGEST_WAIT_S))
                note(SYSTEM, "session.refused", row.id, account=row.login, count=row.failed_attempts)
        raise failure

    def _matches(self, digest: str, password: str) -> bool:
        try:
            return self._hasher.verify(digest, password)
        except (VerificationError, InvalidHashError):
            return False

    def _digest(self, password: str) -> str:
        if len(password) < MIN_PASSWORD:
            raise InputError("password.weak", f"Un mot de passe compte au moins {MIN_PASSWORD} caractères.")
        return self._hasher.hash(password)

    def change_password(self, by: Actor, old: str, new: str) -> None:
        """Own password; same refusals as :meth:`login`, ``password.weak``."""
        self._prove(by.login, old, None, second_factor=False)
        digest = self._digest(new)
        with self._journal.transaction() as (session, note):
            _row(session, by.account_id).password_hash = digest
            note(by, "account.password", by.account_id, account=by.login)

    def reset_password(self, account_id: str, new: str, *, by: Actor) -> None:
        """An administrator gives a new password; open sessions end and the second factor is dropped."""
        digest = self._digest(new)
        with self._journal.transaction() as (session, note):
            self._access.require(session, by, Verb.ACCOUNTS)
            row = _row(session, account_id)
            row.password_hash, row.failed_attempts, row.not_before = digest, 0, None
            row.totp_secret, row.totp_confirmed = None, False
            note(by, "account.password_reset", row.id, account=row.login)
        self._sessions.end_all(account_id)

    # --- second factor --------------------------------------------------------------------------

    def start_totp(self, by: Actor) -> str:
        """An ``otpauth://`` address to show as a QR code; in force once :meth:`confirm_totp` accepted a code."""
        import pyotp

        secret = pyotp.random_base32()
        with self._db.write() as session:
            self._access.roles(session, by)
            row = _row(session, by.account_id)
            row.totp_secret, row.totp_confirmed, row.totp_last_step = secret, False, 0
        return pyotp.TOTP(secret).provisioning_uri(name=by.login, issuer_name="Calame")

    def confirm_totp(self, by: Actor, code: str) -> None:
        """Puts the second factor in force; raises :class:`RefusedError` ``login.totp`` for a wrong code."""
        with self._journal.transaction() as (session, note):
            self._access.roles(session, by)
            row = _row(session, by.account_id)
            if not self._totp(row, code, self._ports.clock()):
                raise RefusedError("login.totp", "Ce code ne correspond pas. Vérifiez l'heure de votre téléphone.")
            row.totp_confirmed = True
            note(by, "account.totp_on", row.id, account=row.login)

    def stop_totp(self, by: Actor, password: str) -> None:
        """Drops the own second factor; the password is asked again."""
        self._prove(by.login, password, None, second_factor=False)
        with self._journal.transaction() as (session, note):
            row = _row(session, by.account_id)
            row.totp_secret, row.totp_confirmed = None, False
            note(by, "account.totp_off", row.id, account=row.login)

    def _totp(self, row: AccountRow, code: str | None, now: dt.datetime) -> bool:
        """Accepts the code of this half minute, the one before and after; each code once (RFC 6238, 5.2)."""
        import pyotp

        if row.totp_secret is None or code is None:
            return False
        machine, step = pyotp.TOTP(row.totp_secret), int(now.timestamp()) // TOTP_STEP_S
        for candidate in (step - 1, step, step + 1):
            if candidate > row.totp_last_step and hmac.compare_digest(
                machine.generate_otp(candidate), code.replace(" ", "")
            ):
                row.totp_last_step = candidate
                return True
        return False

    # --- mandates -------------------------------------------------------------------------------

    def delegate(self, to_account: str, starts: dt.datetime, ends: dt.datetime, *, by: Actor) -> Delegation:
        """A doctor lets another doctor (a locum) read and sign in his or her place between two dates.

        Raises :class:`InputError` (``delegation.dates``, ``delegation.doctor``), :class:`RefusedError`.
        """
        if not starts < ends:
            raise InputError("delegation.dates", "La fin de la délégation doit suivre son début.")
        with self._journal.transaction() as (session, note):
            self._access.require(session, by, Verb.DELEGATE)
            target = _row(session, to_account)
            if Role.DOCTOR.value not in target.roles.split(",") or target.id == by.account_id:
                raise InputError("delegation.doctor", "Une délégation se donne à un autre médecin.")
            row = DelegationRow(
                id=self._ports.new_id(), from_account=by.account_id, to_account=to_account, starts=starts, ends=ends
            )
            session.add(row)
            note(by, "delegation.granted", row.id, account=target.login, starts=_day(starts), ends=_day(ends))
            return _delegation(row)

    def revoke(self, delegation_id: str, *, by: Actor) -> None:
        """Ends a delegation now; only who gave it."""
        with self._journal.transaction() as (session, note):
            self._access.require(session, by, Verb.DELEGATE)
            row = session.get(DelegationRow, delegation_id)
            if row is None or row.from_account != by.account_id:
                raise InputError("delegation.unknown", "Cette délégation n'existe pas, ou n'est pas la vôtre.")
            row.revoked_at = self._ports.clock()
            note(by, "delegation.revoked", row.id)

    def delegations(self) -> tuple[Delegation, ...]:
        """All of them, latest first."""
        with self._db.read() as session:
            query = select(DelegationRow).order_by(DelegationRow.starts.desc())
            return tuple(_delegation(r) for r in session.scalars(query))


_NOBODY = Actor("", "", "", frozenset(), "")


def _join(roles: Iterable[Role]) -> str:
    return ",".join(sorted(r.value for r in roles))


def _day(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M")


def _row(session: Session, account_id: str) -> AccountRow:
    row = session.get(AccountRow, account_id)
    if row is None:
        raise InputError("account.unknown", "Ce compte n'existe pas. Rechargez la liste des comptes.")
    return row


def _keep_an_administrator(session: Session) -> None:
    session.flush()
    rows = session.scalars(select(AccountRow).where(AccountRow.active))
    if not any(Role.ADMINISTRATOR.value in r.roles.split(",") for r in rows):
        raise RefusedError("account.last_administrator", "Il faut garder au moins un administrateur actif.")


def _account(row: AccountRow) -> Account:
    roles = frozenset(Role(r) for r in row.roles.split(","))
    return Account(row.id, row.login, row.name, roles, bool(row.active), bool(row.totp_confirmed), row.created_at)


def _delegation(row: DelegationRow) -> Delegation:
    return Delegation(row.id, row.from_account, row.to_account, row.starts, row.ends, row.revoked_at)
