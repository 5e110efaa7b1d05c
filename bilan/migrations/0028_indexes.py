"""What the agenda, the load of the counsellors and the secretariat's first page look for, found by indexes."""


def up(migrator, db):
    db.execute_sql('CREATE INDEX "interview_starts_at" ON "interview" ("starts_at")')
    db.execute_sql('CREATE INDEX "journey_phase_counsellor_id" ON "journey" ("phase", "counsellor_id")')
    db.execute_sql('CREATE INDEX "journey_replaced" ON "journey" ("replacement_id", "replacement_until") WHERE replacement_id IS NOT NULL')
    db.execute_sql('CREATE INDEX "prescription_received_at" ON "prescription" ("received_at")')
