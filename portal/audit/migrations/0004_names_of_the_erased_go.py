"""Let a name be taken out of the trail, and nothing else: no entry goes, no word is added, who did what when stays."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION portal_audit_only_erased(before text, after text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    piece text;
    place integer;
    rest text := before;
    is_first boolean := true;
BEGIN
    IF before IS NOT DISTINCT FROM after THEN RETURN true; END IF;
    IF strpos(after, '[erased]') = 0 THEN RETURN false; END IF;
    FOREACH piece IN ARRAY string_to_array(after, '[erased]') LOOP
        place := strpos(rest, piece);
        IF piece <> '' AND (place = 0 OR (is_first AND place <> 1)) THEN RETURN false; END IF;
        rest := substr(rest, greatest(place, 1) + length(piece));
        is_first := false;
    END LOOP;
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION portal_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.at, NEW.actor_id, NEW.actor_label, NEW.verb, NEW.thing_type, NEW.thing_id, NEW.door, NEW.address,
            NEW.request_id) IS NOT DISTINCT FROM
           (OLD.id, OLD.at, OLD.actor_id, OLD.actor_label, OLD.verb, OLD.thing_type, OLD.thing_id, OLD.door, OLD.address,
            OLD.request_id)
            AND public.portal_audit_only_erased(OLD.thing_label, NEW.thing_label)
            AND public.portal_audit_only_erased(OLD.note, NEW.note)
            AND public.portal_audit_only_erased(OLD.changes::text, NEW.changes::text) THEN RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only: % is refused', TG_OP;
END $$;

-- The portal's own role may not update the trail; this runs as the owner of the table, and the guard above still holds.
CREATE FUNCTION portal_audit_forget(entry bigint, label text, said text, changed jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.portal_audit_auditentry SET thing_label = label, note = said, changes = changed WHERE id = entry;
$$;
"""
BACKWARD = """
DROP FUNCTION portal_audit_forget(bigint, text, text, jsonb);
CREATE OR REPLACE FUNCTION portal_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only: % is refused', TG_OP;
END $$;
DROP FUNCTION portal_audit_only_erased(text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("portal_audit", "0003_find_verbs_fast")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
