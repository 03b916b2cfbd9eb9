"""Accounts of the embedded provider, and all records"""

import sqlalchemy as sa
from alembic import op

from wizard.db import UtcInstant, Whole

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", Whole(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
    )
    op.create_index("ix_attempt_kind_subject_at", "attempt", ["kind", "subject", "at"])

    op.create_table(
        "declaration_chain",
        sa.Column("sequence", Whole(), autoincrement=False, primary_key=True),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
    )
    op.create_table(
        "embedded_account",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
    )
    op.create_table(
        "login",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("staff_role", sa.String(), nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.UniqueConstraint("email", name="uq_login_email"),
    )
    op.create_table(
        "closure_request",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("declaration", Whole(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("account_name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("contract_id", sa.String(), nullable=False),
        sa.Column("contract_name", sa.String(), nullable=False),
        sa.Column("login_id", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("timing", sa.String(), nullable=False),
        sa.Column("received_at", UtcInstant(), nullable=False),
        sa.Column("charges_end", UtcInstant(), nullable=False),
        sa.Column("charges_end_at_the_latest", sa.Boolean(), nullable=False),
        sa.Column("review_due", UtcInstant(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("executed_at", UtcInstant(), nullable=True),
        sa.Column("attempt", Whole(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("charges_problem", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["declaration"], ["declaration_chain.sequence"], name="fk_closure_request_declaration"),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name="fk_closure_request_login_id"),
        sa.UniqueConstraint("account_id", "idempotency_key", name="uq_closure_request_account_id_idempotency_key"),
        sa.UniqueConstraint("reference", name="uq_closure_request_reference"),
    )
    op.create_index("ix_closure_request_account_id", "closure_request", ["account_id"])
    op.create_index("ix_closure_request_state", "closure_request", ["state"])

    op.create_table(
        "data_copy",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("login_id", sa.String(), nullable=False),
        sa.Column("stated_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name="fk_data_copy_login_id"),
        sa.PrimaryKeyConstraint("account_id", "service_id", name="pk_data_copy"),
    )
    op.create_table(
        "declaration_content",
        sa.Column("sequence", Whole(), primary_key=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["sequence"], ["declaration_chain.sequence"], name="fk_declaration_content_sequence"),
    )
    op.create_table(
        "embedded_contract",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_account", sa.Boolean(), nullable=False),
        sa.Column("closed_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["embedded_account.id"], name="fk_embedded_contract_account_id"),
    )
    op.create_index("ix_embedded_contract_account_id", "embedded_contract", ["account_id"])

    op.create_table(
        "embedded_effect",
        sa.Column("id", Whole(), primary_key=True),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("finished_at", UtcInstant(), nullable=False),
        sa.Column("calls", Whole(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["embedded_account.id"], name="fk_embedded_effect_account_id"),
        sa.UniqueConstraint("idempotency_key", name="uq_embedded_effect_idempotency_key"),
    )
    op.create_index("ix_embedded_effect_account_id", "embedded_effect", ["account_id"])
    op.create_index("ix_embedded_effect_subject_id", "embedded_effect", ["subject_id"])

    op.create_table(
        "embedded_invoice",
        sa.Column("number", sa.String(), primary_key=True),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("total", Whole(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["embedded_account.id"], name="fk_embedded_invoice_account_id"),
    )
    op.create_index("ix_embedded_invoice_account_id", "embedded_invoice", ["account_id"])

    op.create_table(
        "embedded_payment_method",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("last_four", sa.String(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["embedded_account.id"], name="fk_embedded_payment_method_account_id"),
    )
    op.create_index("ix_embedded_payment_method_account_id", "embedded_payment_method", ["account_id"])

    op.create_table(
        "membership",
        sa.Column("login_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name="fk_membership_login_id"),
        sa.PrimaryKeyConstraint("login_id", "account_id", name="pk_membership"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("login_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("article_hash", sa.String(), nullable=False),
        sa.Column("started_at", UtcInstant(), nullable=False),
        sa.Column("updated_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name="fk_run_login_id"),
        sa.UniqueConstraint("login_id", "account_id", "slug", name="uq_run_login_id_account_id_slug"),
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("account_name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("login_id", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("context", sa.String(), nullable=False),
        sa.Column("opened_at", UtcInstant(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name="fk_ticket_login_id"),
        sa.UniqueConstraint("account_id", "idempotency_key", name="uq_ticket_account_id_idempotency_key"),
        sa.UniqueConstraint("reference", name="uq_ticket_reference"),
    )
    op.create_index("ix_ticket_account_id", "ticket", ["account_id"])

    op.create_table(
        "closure_event",
        sa.Column("id", Whole(), primary_key=True),
        sa.Column("closure_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("login_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["closure_id"], ["closure_request.id"], name="fk_closure_event_closure_id"),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name="fk_closure_event_login_id"),
    )
    op.create_index("ix_closure_event_closure_id", "closure_event", ["closure_id"])

    op.create_table(
        "deletion",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("account_name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("login_id", sa.String(), nullable=False),
        sa.Column("closure_id", sa.String(), nullable=True),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("requested_at", UtcInstant(), nullable=False),
        sa.Column("attempt", Whole(), nullable=False),
        sa.ForeignKeyConstraint(["closure_id"], ["closure_request.id"], name="fk_deletion_closure_id"),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name="fk_deletion_login_id"),
        sa.UniqueConstraint("account_id", "idempotency_key", name="uq_deletion_account_id_idempotency_key"),
        sa.UniqueConstraint("reference", name="uq_deletion_reference"),
    )
    op.create_index("ix_deletion_account_id", "deletion", ["account_id"])
    op.create_index("ix_deletion_closure_id", "deletion", ["closure_id"])

    op.create_table(
        "embedded_free_span",
        sa.Column("id", Whole(), primary_key=True),
        sa.Column("contract_id", sa.String(), nullable=False),
        sa.Column("starts_at", UtcInstant(), nullable=False),
        sa.Column("ends_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["contract_id"], ["embedded_contract.id"], name="fk_embedded_free_span_contract_id"),
    )
    op.create_index("ix_embedded_free_span_contract_id", "embedded_free_span", ["contract_id"])

    op.create_table(
        "embedded_service",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("contract_id", sa.String(), nullable=True),
        sa.Column("position", Whole(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("quantity", Whole(), nullable=False),
        sa.Column("charging", sa.String(), nullable=False),
        sa.Column("unit_price", Whole(), nullable=False),
        sa.Column("stands_on", sa.String(), nullable=True),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("hold", sa.String(), nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.Column("metered_until", UtcInstant(), nullable=False),
        sa.Column("deleted_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["embedded_account.id"], name="fk_embedded_service_account_id"),
        sa.ForeignKeyConstraint(["contract_id"], ["embedded_contract.id"], name="fk_embedded_service_contract_id"),
        sa.ForeignKeyConstraint(["stands_on"], ["embedded_service.id"], name="fk_embedded_service_stands_on"),
    )
    op.create_index("ix_embedded_service_account_id", "embedded_service", ["account_id"])

    op.create_table(
        "run_fact",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("seen_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_fact_run_id"),
        sa.PrimaryKeyConstraint("run_id", "step", "action", name="pk_run_fact"),
    )
    op.create_table(
        "deletion_item",
        sa.Column("deletion_id", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("position", Whole(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("per_month", Whole(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("finished_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["deletion_id"], ["deletion.id"], name="fk_deletion_item_deletion_id"),
        sa.PrimaryKeyConstraint("deletion_id", "service_id", name="pk_deletion_item"),
    )
    op.create_table(
        "embedded_usage",
        sa.Column("id", Whole(), primary_key=True),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("quantity", Whole(), nullable=False),
        sa.Column("amount", Whole(), nullable=False),
        sa.Column("is_credit", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["embedded_account.id"], name="fk_embedded_usage_account_id"),
        sa.ForeignKeyConstraint(["service_id"], ["embedded_service.id"], name="fk_embedded_usage_service_id"),
    )
    op.create_index("ix_embedded_usage_account_day", "embedded_usage", ["account_id", "day"])
