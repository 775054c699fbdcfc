"""Signing in: passwords, second factor, patience, locking."""

from __future__ import annotations

import datetime as dt

import pyotp
import pytest

import records
from dictation.errors import InputError, RefusedError
from records import Role
from records.accounts import FREE_ATTEMPTS, LONGEST_WAIT_S
from records.sessions import IDLE_S


def refused(call, *args, **kwargs):
    with pytest.raises(RefusedError) as error:
        call(*args, **kwargs)
    return error.value.code


def test_wrong_names_and_wrong_passwords_say_the_same(house):
    login = house.store.accounts.login
    with pytest.raises(RefusedError) as one:
        login("medecin", "pas le bon mot")
    with pytest.raises(RefusedError) as other:
        login("personne", "pas le bon mot")
    assert str(one.value) == str(other.value)
    assert login(" MEDECIN ", house.password).account_id == house.doctor.account_id


def test_attempts_are_throttled_in_every_window_and_after_a_restart(house):
    login, waits = house.store.accounts.login, []
    for attempt in range(FREE_ATTEMPTS + 12):
        assert refused(login, "medecin", "faux") == "login.wrong", attempt
        if attempt + 1 < FREE_ATTEMPTS:
            continue
        # even the right password waits
        assert refused(login, "medecin", house.password) == "login.throttled"
        waits.append(2 ** (attempt + 2 - FREE_ATTEMPTS))
        house.clock.advance(seconds=min(waits[-1], LONGEST_WAIT_S) + 1)
    assert min(waits[-1], LONGEST_WAIT_S) == LONGEST_WAIT_S
    assert refused(login, "medecin", "faux") == "login.wrong"
    with records.open(house.folder, passphrase=house.passphrase, ports=house.clock.ports()) as other:
        assert refused(other.accounts.login, "medecin", house.password) == "login.throttled"
        # somebody else is not held up
        assert other.accounts.login("secretaire", house.password)
    house.clock.advance(seconds=LONGEST_WAIT_S + 1)
    assert login("medecin", house.password)
    assert refused(login, "medecin", "faux") == "login.wrong"
    assert login("medecin", house.password)


def test_a_clock_set_back_locks_nobody_out(house):
    for _ in range(FREE_ATTEMPTS):
        assert refused(house.store.accounts.login, "medecin", "faux") == "login.wrong"
    house.clock.now -= dt.timedelta(days=400)
    assert house.store.accounts.login("medecin", house.password)


def test_a_window_locks_itself_and_opens_again_with_what_it_was_doing(house):
    made = house.start()
    sound = house.store.audio.record(made.id, by=house.doctor)
    house.clock.advance(seconds=IDLE_S - 1)
    house.store.accounts.touch(house.doctor)
    assert sound.ended is None
    house.clock.advance(seconds=4)
    assert not house.store.accounts.is_locked(house.doctor)
    house.clock.advance(seconds=IDLE_S)
    assert house.store.accounts.is_locked(house.doctor)
    assert refused(house.store.dictations.get, made.id, by=house.doctor) == "session.locked"
    # speech is never refused, whoever is away
    assert house.store.audio.append(made.id, b"\1\0" * 16_000) == 1.0
    house.store.audio.finish(made.id)
    assert refused(house.store.accounts.unlock, house.doctor, "faux mot de passe") == "login.wrong"
    assert house.store.accounts.is_locked(house.doctor)
    house.store.accounts.unlock(house.doctor, house.password)
    assert house.get(made).duration_s == 1.0
    house.store.accounts.lock(house.doctor)
    assert refused(house.store.worklist.list, by=house.doctor) == "session.locked"
    house.store.accounts.unlock(house.doctor, house.password)
    house.store.accounts.logout(house.doctor)
    assert refused(house.store.worklist.list, by=house.doctor) == "session.over"


def test_a_forged_actor_is_nobody(house):
    forged = records.Actor(house.doctor.account_id, "medecin", "Medecin", frozenset(Role), "fausse session")
    assert refused(house.store.worklist.list, by=forged) == "session.over"
    stolen = records.Actor(
        house.doctor.account_id, "medecin", "Medecin", frozenset({Role.DOCTOR}), house.secretary.session
    )
    assert refused(house.store.worklist.list, by=stolen) == "session.over"
    promoted = records.Actor(
        house.secretary.account_id, "secretaire", "S", frozenset({Role.DOCTOR}), house.secretary.session
    )
    assert refused(house.store.corrections.list, by=promoted) == "role.refused"
    look_alike = records.Actor(*(getattr(records.SYSTEM, f) for f in records.SYSTEM.__dataclass_fields__))
    assert refused(house.store.worklist.list, by=look_alike) in ("session.over", "role.refused")


def test_second_factor(house):
    accounts = house.store.accounts
    secret = pyotp.parse_uri(accounts.start_totp(house.doctor)).secret
    machine = pyotp.TOTP(secret)
    # not in force before the first good code
    assert accounts.login("medecin", house.password)
    assert refused(accounts.confirm_totp, house.doctor, "000000") == "login.totp"
    accounts.confirm_totp(house.doctor, machine.at(house.clock.now))
    assert accounts.get(house.doctor.account_id).has_totp
    assert refused(accounts.login, "medecin", house.password) == "login.totp"
    # a code serves once
    assert refused(accounts.login, "medecin", house.password, totp=machine.at(house.clock.now)) == "login.totp"
    house.clock.advance(seconds=30)
    code = machine.at(house.clock.now)
    me = accounts.login("medecin", house.password, totp=f"{code[:3]} {code[3:]}")
    assert refused(accounts.login, "medecin", house.password, totp=code) == "login.totp"
    house.clock.advance(minutes=5)
    late = machine.at(house.clock.now - dt.timedelta(seconds=90))
    assert refused(accounts.login, "medecin", house.password, totp=late) == "login.totp"
    house.clock.advance(minutes=30)
    accounts.unlock(me, house.password)
    accounts.stop_totp(me, house.password)
    assert accounts.login("medecin", house.password)


def test_passwords_change_and_are_reset(house):
    accounts = house.store.accounts
    with pytest.raises(InputError) as error:
        accounts.change_password(house.doctor, house.password, "court")
    assert error.value.code == "password.weak"
    assert refused(accounts.change_password, house.doctor, "pas le mien", "un nouveau mot") == "login.wrong"
    accounts.change_password(house.doctor, house.password, "un nouveau mot")
    assert refused(accounts.login, "medecin", house.password) == "login.wrong"
    assert accounts.login("medecin", "un nouveau mot")
    accounts.reset_password(house.doctor.account_id, "remis à neuf !", by=house.administrator)
    assert refused(house.store.worklist.list, by=house.doctor) == "session.over"
    assert accounts.login("medecin", "remis à neuf !")


def test_accounts_are_checked(house):
    create = house.store.accounts.create
    for login, roles, password, code in (
        ("médecin", [Role.DOCTOR], house.password, "account.login"),
        ("", [Role.DOCTOR], house.password, "account.login"),
        ("medecin", [Role.DOCTOR], house.password, "account.taken"),
        ("autre", [], house.password, "account.roles"),
        ("autre", [Role.DOCTOR], "court", "password.weak"),
    ):
        with pytest.raises(InputError) as error:
            create(login, password, roles, by=house.administrator)
        assert error.value.code == code
    assert refused(create, "autre", house.password, [Role.DOCTOR]) == "session.over"
    assert [a.login for a in house.store.accounts.list(role=Role.DOCTOR)] == ["confrere", "medecin"]


def test_a_mandate_goes_to_another_doctor_between_two_dates(house):
    now, day = house.clock.now, dt.timedelta(days=1)
    for target, starts, ends, code in (
        (house.secretary, now, now + day, "delegation.doctor"),
        (house.doctor, now, now + day, "delegation.doctor"),
        (house.colleague, now, now, "delegation.dates"),
    ):
        with pytest.raises(InputError) as error:
            house.store.accounts.delegate(target.account_id, starts, ends, by=house.doctor)
        assert error.value.code == code
    made = house.store.accounts.delegate(house.colleague.account_id, now, now + day, by=house.doctor)
    with pytest.raises(InputError):
        house.store.accounts.revoke(made.id, by=house.colleague)
    house.store.accounts.revoke(made.id, by=house.doctor)
    assert house.store.accounts.delegations()[0].revoked_at is not None


def test_the_real_costs_are_the_recommended_ones():
    assert records.ports.LOGIN_COST.memory_kib >= 19_456
    assert records.ports.KEY_COST.memory_kib >= records.ports.LOGIN_COST.memory_kib
