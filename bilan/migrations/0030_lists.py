"""What lists and counts look for, found by indexes: the secretariat's prescriptions, accounts, complaints and notices, the manager's journal."""


def up(migrator, db):
    db.execute_sql(
        'CREATE INDEX "prescription_open" ON "prescription"'
        ' ((NOT ("proposed_for" IS NULL)), "received_at", "id", "proposed_for", "delay_reason", "counsellor_id")'
        " WHERE \"state\" IN ('received', 'quoted', 'invited', 'accepted')"
    )
    db.execute_sql(
        'CREATE INDEX "prescription_over" ON "prescription" ("received_at" DESC, "id")'
        " WHERE \"state\" IN ('refused', 'declined', 'withdrawn', 'ended', 'interrupted')"
    )
    # Each begins as the one before, which goes.
    db.execute_sql('CREATE INDEX "prescription_received_at_proposed_for" ON "prescription" ("received_at", "proposed_for")')
    db.execute_sql('DROP INDEX "prescription_received_at"')
    db.execute_sql('CREATE INDEX "person_by_name" ON "person" (LOWER("display_name"), "id")')
    db.execute_sql('CREATE INDEX "account_request_outcome_created_at" ON "account_request" ("outcome", "created_at")')
    db.execute_sql('CREATE INDEX "journal_entry_event_created_at_subject_id" ON "journal_entry" ("event", "created_at", "subject_id")')
    db.execute_sql('DROP INDEX "journalentry_event"')
    db.execute_sql('CREATE INDEX "complaint_created_at" ON "complaint" ("created_at")')
    db.execute_sql('CREATE INDEX "complaint_closed_at" ON "complaint" ("closed_at")')
    db.execute_sql('CREATE INDEX "notice_done_at_created_at" ON "notice" ("done_at", "created_at")')
