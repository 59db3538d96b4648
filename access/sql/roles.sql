-- The database roles. Run by a superuser, any number of times, before the first migration.
-- Who is who:
--   cre_owner   owns every table and migrates. Never used to serve a page.
--   cre_sec     owns the functions of the second wall. Nobody can sign in as it.
--   cre_seed    loads demo and test data past the walls. Nobody can sign in as it.
--   cre_app     what web and worker processes are: owns nothing, bypasses nothing.
--   cre_worker  the clock tick: sees what is due, no names.
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('cre_owner', 'LOGIN BYPASSRLS'),
            ('cre_sec', 'NOLOGIN BYPASSRLS'),
            ('cre_seed', 'NOLOGIN BYPASSRLS'),
            ('cre_app', 'LOGIN NOBYPASSRLS'),
            ('cre_worker', 'LOGIN NOBYPASSRLS')
        ) AS roles (name, attributes)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
            EXECUTE format('CREATE ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE %s', wanted.name, wanted.attributes);
        END IF;
    END LOOP;
END $$;
GRANT cre_sec, cre_seed TO cre_owner;
