"""Tables, as SQLAlchemy 2 models. Nothing here is special to SQLite."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import JSON, Boolean, DateTime, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[dt.datetime]):
    """Aware UTC in Python, naive UTC in the column."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a date without its zone reached the store")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else value.replace(tzinfo=dt.UTC)


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {dt.datetime: UtcDateTime, dict[str, Any]: JSON, bytes: LargeBinary}


class AccountRow(Base):
    __tablename__ = "accounts"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_confirmed: Mapped[bool] = mapped_column(Boolean, default=False)
    totp_last_step: Mapped[int] = mapped_column(Integer, default=0)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    failed_attempts: Mapped[int] = mapped_column(Integer, default=0)
    not_before: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]


class DelegationRow(Base):
    __tablename__ = "delegations"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    from_account: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    to_account: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    starts: Mapped[dt.datetime]
    ends: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]


class DictationRow(Base):
    __tablename__ = "dictations"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(16))
    author_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    typist_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    form_id: Mapped[str | None] = mapped_column(String(80))
    priority: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    state_since: Mapped[dt.datetime]
    consultation: Mapped[dict[str, Any] | None]
    #: what the worklist shows and sorts by, and the same without case nor accents
    patient: Mapped[str] = mapped_column(String(200), default="")
    patient_search: Mapped[str] = mapped_column(String(200), default="")
    opposed: Mapped[bool] = mapped_column(Boolean, default=False)
    interrupted: Mapped[str | None] = mapped_column(String(20))
    #: instance of the application that records at this moment
    recorder: Mapped[str | None] = mapped_column(String(64))
    reviewer: Mapped[str] = mapped_column(String(16), default="doctor")
    failure: Mapped[str | None] = mapped_column(String(80))
    signed_at: Mapped[dt.datetime | None]
    signed_by: Mapped[str | None] = mapped_column(String(64))
    signature_id: Mapped[str | None] = mapped_column(String(64))
    exported_at: Mapped[dt.datetime | None]
    __table_args__ = (
        Index(None, "state", "priority", "due_at", "created_at"),
        Index(None, "author_id", "state"),
        Index(None, "patient_search"),
    )


class AudioRow(Base):
    """About one second of PCM while recording (``codec`` pcm), a minute of FLAC afterwards."""

    __tablename__ = "audio"
    dictation_id: Mapped[str] = mapped_column(ForeignKey("dictations.id"), primary_key=True)
    #: index of the first sample, so that rows can neither overlap nor swap
    first_sample: Mapped[int] = mapped_column(Integer, primary_key=True)
    samples: Mapped[int] = mapped_column(Integer)
    codec: Mapped[str] = mapped_column(String(4))
    data: Mapped[bytes]


class ContentRow(Base):
    """One revision of a text: transcript, draft, review. Never overwritten, only purged."""

    __tablename__ = "contents"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    dictation_id: Mapped[str] = mapped_column(ForeignKey("dictations.id"))
    kind: Mapped[str] = mapped_column(String(16))
    #: version of the dictation that this revision made; for a conflict, the version it was made from
    version: Mapped[int] = mapped_column(Integer)
    #: True: came second, waits to be settled
    conflict: Mapped[bool] = mapped_column(Boolean, default=False)
    body: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]
    __table_args__ = (Index(None, "dictation_id", "kind", "conflict", "version"),)


class DocumentRow(Base):
    """A signed, rendered document."""

    __tablename__ = "documents"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    dictation_id: Mapped[str] = mapped_column(ForeignKey("dictations.id"), index=True)
    signature_id: Mapped[str] = mapped_column(String(64))
    form_id: Mapped[str] = mapped_column(String(80))
    media_type: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes]


class QueryRow(Base):
    __tablename__ = "queries"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    dictation_id: Mapped[str] = mapped_column(ForeignKey("dictations.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    field_id: Mapped[str | None] = mapped_column(String(120))
    first: Mapped[int | None]
    last: Mapped[int | None]
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(64))
    answered_at: Mapped[dt.datetime | None]


class TaskRow(Base):
    __tablename__ = "tasks"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    dictation_id: Mapped[str] = mapped_column(ForeignKey("dictations.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    patient: Mapped[str] = mapped_column(String(200), default="")
    author_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[dt.datetime]
    done_at: Mapped[dt.datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(64))


class JobRow(Base):
    __tablename__ = "jobs"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    dictation_id: Mapped[str] = mapped_column(ForeignKey("dictations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    #: ready, running, done, failed, cancelled
    state: Mapped[str] = mapped_column(String(12), index=True)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    token: Mapped[str | None] = mapped_column(String(64))
    owner: Mapped[str | None] = mapped_column(String(64))
    until: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]


class JournalRow(Base):
    __tablename__ = "journal"
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(160))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str | None] = mapped_column(String(64), index=True)
    #: canonical JSON, exactly as signed
    details: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str] = mapped_column(String(64))


class JournalHeadRow(Base):
    """One row: how long the chain is and where it ends, signed."""

    __tablename__ = "journal_head"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Integer)
    mac: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


class SettingRow(Base):
    __tablename__ = "settings"
    #: "practice" or an account id
    scope: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[dt.datetime]


class CorrectionRow(Base):
    __tablename__ = "corrections"
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    heard: Mapped[str] = mapped_column(String(200), primary_key=True)
    wanted: Mapped[str] = mapped_column(String(200), primary_key=True)
    count: Mapped[int] = mapped_column(Integer, default=1)
    last_at: Mapped[dt.datetime]


class PatientChoiceRow(Base):
    """What a patient chose, under a keyed digest of the identity."""

    __tablename__ = "patient_choices"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    opposed: Mapped[bool] = mapped_column(Boolean, default=False)
    informed: Mapped[bool] = mapped_column(Boolean, default=False)
    notice: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[dt.datetime]
