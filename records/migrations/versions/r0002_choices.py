"""Patients' choices are remembered; a code of the second factor serves once; a task names its patient."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds the table and the columns; open tasks take the name from their dictation."""
    op.create_table(
        "patient_choices",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("opposed", sa.Boolean(), nullable=False),
        sa.Column("informed", sa.Boolean(), nullable=False),
        sa.Column("notice", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_patient_choices")),
    )
    op.add_column("accounts", sa.Column("totp_last_step", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("tasks", sa.Column("patient", sa.String(length=200), nullable=False, server_default=""))
    op.execute(
        "UPDATE tasks SET patient = "
        "(SELECT dictations.patient FROM dictations WHERE dictations.id = tasks.dictation_id)"
    )
