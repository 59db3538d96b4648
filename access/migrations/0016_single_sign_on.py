"""What an identity of single sign-on may be in the database: connected by the person themselves, and never moved."""

from django.db import migrations

from access.operations import open_to_runtime

IDENTITIES = """
GRANT CREATE ON SCHEMA sec TO cre_sec;
SET LOCAL ROLE cre_sec;

-- Signing in reads identities with nobody asking, and writes when that was. Everything else is for the person whose it is
-- or, to take it away, for a system administrator.
CREATE FUNCTION sec.check_identity() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    asker bigint := sec.principal();
BEGIN
    IF current_user <> 'cre_app' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'INSERT' AND NEW.user_id IS DISTINCT FROM asker THEN
        PERFORM sec.refuse('An identity is connected by the person themselves.');
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.user_id, NEW.provider, NEW.uid) IS DISTINCT FROM (OLD.user_id, OLD.provider, OLD.uid) THEN
        PERFORM sec.refuse('An identity that was connected is not changed.');
    END IF;
    IF TG_OP = 'DELETE' AND OLD.user_id IS DISTINCT FROM asker AND NOT sec.manages_staff() THEN
        PERFORM sec.refuse('An identity is taken away by the person themselves, or by a system administrator.');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.check_identity() FROM PUBLIC;
CREATE TRIGGER check_identity BEFORE INSERT OR UPDATE OR DELETE ON socialaccount_socialaccount
    FOR EACH ROW EXECUTE FUNCTION sec.check_identity();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0015_surname"), ("socialaccount", "0006_alter_socialaccount_extra_data")]

    operations = [
        migrations.RunSQL(IDENTITIES, reverse_sql=migrations.RunSQL.noop),
        open_to_runtime("SELECT, INSERT, UPDATE, DELETE", "socialaccount_socialaccount"),
        # No token of the issuer is kept: the library looks for some when an identity is taken away.
        open_to_runtime("SELECT, DELETE", "socialaccount_socialtoken"),
        open_to_runtime("SELECT", "socialaccount_socialapp"),
    ]
