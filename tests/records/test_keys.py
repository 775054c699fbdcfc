"""Who can open the store, and what a crash in the middle of a rotation leaves."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

import records
from bench import records_samples as samples
from dictation.errors import RefusedError, StorageError
from records import keys, rotation


class MemoryKeyring:
    """The three verbs of a keyring, for a machine that has one."""

    def __init__(self):
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


def code_of(error):
    return error.value.code


@given(st.binary(min_size=20, max_size=20), st.integers(0, 35), st.sampled_from(keys.ALPHABET))
def test_a_typo_in_the_recovery_code_is_noticed(raw, place, letter):
    code = keys.new_recovery_code(lambda n: raw[:n])
    assert keys.read_recovery_code(code) == raw
    assert keys.read_recovery_code(code.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == raw
    letters = list(code.replace("-", ""))
    if letters[place] != letter:
        letters[place] = letter
        with pytest.raises(StorageError) as error:
            keys.read_recovery_code("".join(letters))
        assert code_of(error) == "store.recovery_typo"


def test_opens_by_passphrase_or_code_and_nothing_else(house):
    ports = house.clock.ports()
    house.store.close()
    records.open(house.folder, passphrase=house.passphrase, ports=ports).close()
    records.open(house.folder, recovery_code=house.code.lower(), ports=ports).close()
    for wrong, expected in (
        ({"passphrase": "une autre phrase secrète"}, "store.wrong_key"),
        ({"recovery_code": keys.new_recovery_code(os.urandom)}, "store.wrong_key"),
        ({"recovery_code": "ABCD"}, "store.recovery_typo"),
        ({}, "store.locked_away"),
        ({"keyring": MemoryKeyring()}, "store.locked_away"),
    ):
        with pytest.raises(StorageError) as error:
            records.open(house.folder, ports=ports, **wrong)
        assert code_of(error) == expected
    with pytest.raises(StorageError) as error:
        records.open(house.folder / "ailleurs", passphrase="x", ports=ports)
    assert code_of(error) == "store.absent"
    with pytest.raises(StorageError) as error:
        records.create(house.folder, passphrase=house.passphrase, ports=ports)
    assert code_of(error) == "store.exists"


def test_a_keyring_opens_by_itself(tmp_path):
    ring, ports = MemoryKeyring(), samples.Clock().ports()
    store, code = records.create(tmp_path / "s", keyring=ring, ports=ports)
    store.close()
    assert not any(value in (tmp_path / "s" / "key.json").read_text() for value in ring.kept.values())
    records.open(tmp_path / "s", keyring=ring, ports=ports).close()
    # the keyring is lost: the printed code still opens
    records.open(tmp_path / "s", recovery_code=code, ports=ports).close()
    with pytest.raises(StorageError) as error:
        records.create(tmp_path / "t", ports=ports)
    assert code_of(error) == "store.no_holder"
    with pytest.raises(StorageError) as error:
        records.create(tmp_path / "t", passphrase="court", ports=ports)
    assert code_of(error) == "store.passphrase_weak"


def test_the_system_s_keyring_is_used_only_when_it_protects(monkeypatch):
    import keyring
    from keyring.backends import fail, null

    for backend in (fail.Keyring(), null.Keyring()):
        monkeypatch.setattr(keyring, "get_keyring", lambda backend=backend: backend)
        assert keys.system_keyring() is None

    class SecretService(MemoryKeyring):
        priority = 5

    monkeypatch.setattr(keyring, "get_keyring", SecretService)
    assert keys.system_keyring() is not None


def test_a_new_key_opens_and_the_old_one_does_not(house):
    made = house.signed()
    old_file = (house.folder / "key.json").read_bytes()
    before = (house.folder / "calame.db").read_bytes()
    with pytest.raises(StorageError) as error:
        house.store.rotate_key(by=house.administrator)
    assert code_of(error) == "store.passphrase_needed"
    with pytest.raises(StorageError):
        house.store.rotate_key(by=house.administrator, passphrase="pas la bonne phrase")
    code = house.store.rotate_key(by=house.administrator, passphrase=house.passphrase)
    assert code != house.code
    # the store goes on working under the new key
    assert house.get(made) == made
    assert house.store.verify().ok
    house.store.close()
    assert (house.folder / "calame.db").read_bytes()[4096:8192] != before[4096:8192]
    ports = house.clock.ports()
    with pytest.raises(StorageError):
        records.open(house.folder, recovery_code=house.code, ports=ports)
    records.open(house.folder, recovery_code=code, ports=ports).close()
    assert "pending" not in json.loads((house.folder / "key.json").read_text())
    (house.folder / "key.json").write_bytes(old_file)
    with pytest.raises(StorageError) as error:
        records.open(house.folder, passphrase=house.passphrase, ports=ports)
    assert code_of(error) == "store.wrong_key"


def test_another_window_holds_the_rotation(house):
    other = records.open(house.folder, passphrase=house.passphrase, ports=house.clock.ports())
    with pytest.raises(StorageError) as error:
        house.store.rotate_key(by=house.administrator, passphrase=house.passphrase)
    assert code_of(error) == "store.in_use"
    other.close()
    house.store.rotate_key(by=house.administrator, passphrase=house.passphrase)


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("holder", ["passphrase", "recovery_code"])
def test_a_crash_during_the_rotation_leaves_a_store_that_opens(house, monkeypatch, where, holder):
    class Crash(BaseException):
        pass

    made = house.signed()
    rekey, write, path = rotation._rekey, keys.KeyFile.write, house.folder / "key.json"

    def crash(database, old, fresh):
        if where == "after":
            rekey(database, old, fresh)
        # the process is gone: nothing tidies the key file any more
        monkeypatch.setattr(keys.KeyFile, "write", lambda self, path: None)
        raise Crash

    monkeypatch.setattr(rotation, "_rekey", crash)
    with pytest.raises(Crash):
        house.store.rotate_key(by=house.administrator, passphrase=house.passphrase)
    monkeypatch.setattr(keys.KeyFile, "write", write)
    house.store._presence.close()
    house.store._db.engine.dispose()
    assert "pending" in json.loads(path.read_text())
    key = house.passphrase if holder == "passphrase" else house.code
    with records.open(house.folder, ports=house.clock.ports(), **{holder: key}) as store:
        assert "pending" not in json.loads(path.read_text())
        assert store.recovery_code_needed is (where == "after")
        assert store.verify().ok
        assert store.dictations.get(made.id, by=records.SYSTEM) == made
    with records.open(house.folder, ports=house.clock.ports(), passphrase=house.passphrase) as store:
        admin = store.accounts.login("admin", house.password)
        code = store.new_recovery_code(by=admin)
        assert not store.recovery_code_needed
    records.open(house.folder, ports=house.clock.ports(), recovery_code=code).close()


def test_the_passphrase_changes_and_a_lost_code_is_replaced(house):
    with pytest.raises(RefusedError):
        house.store.set_passphrase("encore une phrase secrète", by=house.doctor)
    house.store.set_passphrase("encore une phrase secrète", by=house.administrator)
    with pytest.raises(RefusedError):
        house.store.set_passphrase(None, by=house.administrator)
    code = house.store.new_recovery_code(by=house.administrator)
    house.store.close()
    ports = house.clock.ports()
    for wrong in ({"passphrase": house.passphrase}, {"recovery_code": house.code}):
        with pytest.raises(StorageError) as error:
            records.open(house.folder, ports=ports, **wrong)
        assert code_of(error) == "store.wrong_key"
    records.open(house.folder, passphrase="encore une phrase secrète", ports=ports).close()
    records.open(house.folder, recovery_code=code, ports=ports).close()


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\xfe", b'{"schema": "calame-key/9"}'])
def test_a_damaged_key_file_says_so(house, damage):
    (house.folder / "key.json").write_bytes(damage)
    with pytest.raises(StorageError) as error:
        records.open(house.folder, passphrase=house.passphrase, ports=house.clock.ports())
    assert code_of(error) == "store.key_file"


def test_a_creation_cut_short_can_be_done_again(tmp_path, monkeypatch):
    ports = samples.Clock().ports()
    write = keys.KeyFile.write
    monkeypatch.setattr(keys.KeyFile, "write", lambda self, path: (_ for _ in ()).throw(OSError(28, "plein")))
    with pytest.raises(StorageError) as error:
        records.create(tmp_path / "s", passphrase="une phrase secrète", ports=ports)
    assert code_of(error) == "store.disk_full"
    assert not records.exists(tmp_path / "s")
    monkeypatch.setattr(keys.KeyFile, "write", write)
    store, _ = records.create(tmp_path / "s", passphrase="une phrase secrète", ports=ports)
    store.close()
