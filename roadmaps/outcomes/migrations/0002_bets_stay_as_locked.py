"""Refuse in the database itself every change of what a locked bet says; what is measured of it may still come."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION roadmaps_outcomes_keep_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.locked_at IS NULL THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a locked bet stays: DELETE is refused'; END IF;
    IF (NEW.initiative_id, NEW.metric_id, NEW.aim, NEW.low, NEW.high, NEW.days, NEW.confidence, NEW.why,
        NEW.locked_at, NEW.is_late)
       IS DISTINCT FROM
       (OLD.initiative_id, OLD.metric_id, OLD.aim, OLD.low, OLD.high, OLD.days, OLD.confidence, OLD.why,
        OLD.locked_at, OLD.is_late)
       OR (NEW.feature_id IS NOT NULL AND NEW.feature_id IS DISTINCT FROM OLD.feature_id) THEN
        RAISE EXCEPTION 'a locked bet stays as it was written: UPDATE is refused';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bets_stay_as_locked BEFORE UPDATE OR DELETE ON roadmaps_outcomes_bet
    FOR EACH ROW EXECUTE FUNCTION roadmaps_outcomes_keep_locked();
"""
BACKWARD = """
DROP TRIGGER bets_stay_as_locked ON roadmaps_outcomes_bet;
DROP FUNCTION roadmaps_outcomes_keep_locked();
"""


class Migration(migrations.Migration):
    """Add the trigger."""

    dependencies = [("roadmaps_outcomes", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
