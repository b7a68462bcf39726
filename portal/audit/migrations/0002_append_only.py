"""Refuse every change of the audit trail in the database itself."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION portal_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only: % is refused', TG_OP;
END $$;
CREATE TRIGGER audit_entries_stay_as_written BEFORE UPDATE OR DELETE ON portal_audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER audit_entries_stay_whole BEFORE TRUNCATE ON portal_audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION portal_audit_refuse();
"""
BACKWARD = """
DROP TRIGGER audit_entries_stay_as_written ON portal_audit_auditentry;
DROP TRIGGER audit_entries_stay_whole ON portal_audit_auditentry;
DROP FUNCTION portal_audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("portal_audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
