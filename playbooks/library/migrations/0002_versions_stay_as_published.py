"""Refuse every change of a published version in the database itself; what blots out an erased person says so."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION playbooks_library_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('portal.erases_person', true) = 'yes' THEN RETURN NEW; END IF;
    IF TG_TABLE_NAME = 'playbooks_library_playbookversion' THEN
        IF OLD.number IS NULL THEN RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END IF;
    ELSIF NOT EXISTS (
        SELECT 1 FROM playbooks_library_playbookversion
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END AND number IS NOT NULL
    ) THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'a version stays as it was published: % is refused', TG_OP;
END $$;
CREATE TRIGGER versions_stay_as_published BEFORE UPDATE OR DELETE ON playbooks_library_playbookversion
    FOR EACH ROW EXECUTE FUNCTION playbooks_library_refuse();
CREATE TRIGGER steps_stay_as_published BEFORE INSERT OR UPDATE OR DELETE ON playbooks_library_playbookstep
    FOR EACH ROW EXECUTE FUNCTION playbooks_library_refuse();
"""
BACKWARD = """
DROP TRIGGER versions_stay_as_published ON playbooks_library_playbookversion;
DROP TRIGGER steps_stay_as_published ON playbooks_library_playbookstep;
DROP FUNCTION playbooks_library_refuse();
"""


class Migration(migrations.Migration):
    """Add the triggers."""

    dependencies = [("playbooks_library", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
