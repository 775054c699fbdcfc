"""A real, encrypted store on the disk for every test; only passwords are cheap and the clock is ours."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import records
from bench import records_samples as samples
from records import Actor, Dictation, Role, State, Store

PASSPHRASE = "une phrase secrète assez longue"
PASSWORD = "mot de passe"


@dataclass
class House:
    """A store with a doctor, a colleague, a secretary and an administrator, all signed in."""

    store: Store
    code: str
    clock: samples.Clock
    folder: Path
    doctor: Actor
    colleague: Actor
    secretary: Actor
    administrator: Actor
    passphrase: str = PASSPHRASE
    password: str = PASSWORD

    def start(self, **kwargs: object) -> Dictation:
        """A dictation of the doctor's, recording."""
        return self.store.dictations.create(by=self.doctor, **{"consultation": samples.consultation(), **kwargs})

    def recorded(self, seconds: float = 2.0, **kwargs: object) -> Dictation:
        """A dictation with sound, waiting for its transcript (or its typist)."""
        made = self.start(**kwargs)
        sound = self.store.audio.record(made.id, by=self.doctor)
        sound.write(tone(seconds))
        sound.stop()
        return self.get(made)

    def to_review(self, *, note: str | None = None, text: str = samples.WORDS, **kwargs: object) -> Dictation:
        """A dictation that went through the engines."""
        made = self.recorded(**kwargs)
        for lease in iter(self.store.jobs.claim, None):
            if lease.dictation_id != made.id:
                self.store.jobs.failed(lease, "essai")
                continue
            heard = samples.transcript(text)
            result = heard if lease.kind is records.JobKind.TRANSCRIBE else samples.draft(heard, note=note)
            self.store.jobs.done(lease, result)
        return self.get(made)

    def confirmed(self, **kwargs: object) -> Dictation:
        """A dictation whose critical field the doctor has confirmed."""
        made = self.to_review(**kwargs)
        review = self.store.dictations.review(made.id, by=self.doctor)
        assert review is not None
        review = samples.confirmed(review, self.doctor.account_id, self.clock.read())
        return self.store.dictations.save_review(made.id, review, by=self.doctor, version=made.version)

    def sign(self, made: Dictation, by: Actor | None = None) -> Dictation:
        """Signs what is kept."""
        by = by or self.doctor
        review = self.store.dictations.review(made.id, by=by)
        assert review is not None
        seal = samples.signed(review, by.account_id, self.clock.read())
        return self.store.dictations.sign(made.id, seal, [samples.document(review)], by=by, version=made.version)

    def signed(self, **kwargs: object) -> Dictation:
        """A signed dictation."""
        made = self.sign(self.confirmed(**kwargs))
        assert made.state is State.SIGNED
        return made

    def exported(self, **kwargs: object) -> Dictation:
        """An exported dictation."""
        made = self.signed(**kwargs)
        return self.store.dictations.mark_exported(made.id, by=self.doctor, version=made.version)

    def get(self, made: Dictation) -> Dictation:
        """As it is now."""
        return self.store.dictations.get(made.id, by=self.doctor)


def tone(seconds: float) -> bytes:
    """Sound that is not silence."""
    one = b"".join(int(9000 * ((i % 73) / 36.5 - 1)).to_bytes(2, "little", signed=True) for i in range(16_000))
    return (one * (int(seconds) + 1))[: int(seconds * 32_000) // 2 * 2]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A closed store with four people, to be copied, and its recovery code."""
    folder = tmp_path_factory.mktemp("modele") / "calame"
    store, code = records.create(folder, passphrase=PASSPHRASE, ports=samples.Clock().ports())
    with store:
        store.accounts.create("admin", PASSWORD, [Role.ADMINISTRATOR], name="Administration")
        admin = store.accounts.login("admin", PASSWORD)
        for login, role in (("medecin", Role.DOCTOR), ("confrere", Role.DOCTOR), ("secretaire", Role.SECRETARY)):
            store.accounts.create(login, PASSWORD, [role], name=login.title(), by=admin)
    return folder, code


@pytest.fixture
def house(tmp_path: Path, furnished: tuple[Path, str]) -> Iterator[House]:
    clock = samples.Clock()
    folder = shutil.copytree(furnished[0], tmp_path / "calame")
    store = records.open(folder, passphrase=PASSPHRASE, ports=clock.ports())
    people = [store.accounts.login(login, PASSWORD) for login in ("medecin", "confrere", "secretaire", "admin")]
    yield House(store, furnished[1], clock, folder, *people)
    store.close()
