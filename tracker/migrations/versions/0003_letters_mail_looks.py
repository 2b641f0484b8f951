"""Letters on a desk, the outbox, what each person wants of the digest, where they last looked.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_OPEN_ASK = sa.text("answered_at IS NULL")
_OPEN_MAIL = sa.text("state IN ('due', 'leased', 'attempting', 'retry', 'ambiguous')")
# What was loaded as done without a day stands in the task alone; no event since has changed it.
_COPY = (
    "UPDATE event SET done_by_on = (SELECT task.done_by_on FROM task WHERE task.id = event.task_id) "
    "WHERE kind = 'loaded' AND state = 'done' AND done_on IS NULL"
)


def upgrade() -> None:
    _letters()
    _outbox()
    _wishes()
    op.add_column("event", sa.Column("done_by_on", sa.Date(), nullable=True))
    _past_refusal(_COPY)


def _letters() -> None:
    op.add_column("ask", sa.Column("rung", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ask", sa.Column("answer_by_on", sa.Date(), nullable=True))
    op.create_index(
        "uq_ask_open",
        "ask",
        ["task_id", "kind", "rung"],
        unique=True,
        sqlite_where=_OPEN_ASK,
        postgresql_where=_OPEN_ASK,
    )


def _outbox() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("covers_from", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("next_at", _INSTANT, nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("leased_until", _INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("first_tried_at", _INSTANT, nullable=True),
        sa.Column("tried_at", _INSTANT, nullable=True),
        sa.Column("sent_at", _INSTANT, nullable=True),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("body_text", sa.Text(), nullable=True),
        sa.Column("body_html", sa.Text(), nullable=True),
        sa.Column("told", sa.JSON(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_mail_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mail"),
        sa.UniqueConstraint("message_id", name="uq_mail_message_id"),
        sa.UniqueConstraint("person_id", "kind", "period", name="uq_mail_person_id_kind_period"),
    )
    op.create_index("ix_mail_kind_period", "mail", ["kind", "period"])
    op.create_index(
        "ix_mail_open",
        "mail",
        ["next_at"],
        sqlite_where=_OPEN_MAIL,
        postgresql_where=_OPEN_MAIL,
    )


def _wishes() -> None:
    op.create_table(
        "digest_preference",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.Column("off", sa.JSON(), nullable=False),
        sa.Column("quiet_days", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_digest_preference_person_id"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_digest_preference"),
    )
    op.create_table(
        "look",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_look_person_id"),
        sa.PrimaryKeyConstraint("person_id", "scope", name="pk_look"),
    )


def _past_refusal(statement: str) -> None:
    """Complete history once: what refuses every change of it steps aside for this one statement."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE event DISABLE TRIGGER event_append_only")
        op.execute(statement)
        op.execute("ALTER TABLE event ENABLE TRIGGER event_append_only")
        return
    op.execute("DROP TRIGGER event_no_update")
    op.execute(statement)
    op.execute(
        "CREATE TRIGGER event_no_update BEFORE UPDATE ON event "
        "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE event DROP COLUMN done_by_on")  # in place: its triggers stay
    op.drop_table("look")
    op.drop_table("digest_preference")
    op.drop_table("mail")
    op.drop_index("uq_ask_open", "ask")
    op.execute("ALTER TABLE ask DROP COLUMN answer_by_on")
    op.execute("ALTER TABLE ask DROP COLUMN rung")
