"""Refuse every change of a pack in the database itself; what removes one, or blots out an erased person, says so."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION insights_sharing_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('portal.removes_pack', true) = 'yes' THEN RETURN OLD; END IF;
    IF TG_OP = 'UPDATE' AND current_setting('portal.erases_person', true) = 'yes' THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a pack stays as it was frozen: % is refused', TG_OP;
END $$;
CREATE TRIGGER packs_stay_as_frozen BEFORE UPDATE OR DELETE ON insights_sharing_pack
    FOR EACH ROW EXECUTE FUNCTION insights_sharing_refuse();
CREATE TRIGGER tiles_of_packs_stay_as_frozen BEFORE UPDATE OR DELETE ON insights_sharing_packtile
    FOR EACH ROW EXECUTE FUNCTION insights_sharing_refuse();
"""
BACKWARD = """
DROP TRIGGER packs_stay_as_frozen ON insights_sharing_pack;
DROP TRIGGER tiles_of_packs_stay_as_frozen ON insights_sharing_packtile;
DROP FUNCTION insights_sharing_refuse();
"""


class Migration(migrations.Migration):
    """Add the triggers."""

    dependencies = [("insights_sharing", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
