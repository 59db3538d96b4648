"""What the database itself refuses of copies, and how the documents worker takes one up. Sentences: plans.copies."""

from pathlib import Path

from django.db import migrations

COPIES = Path(__file__).resolve().parent.parent / "sql" / "copies.sql"

RULES = """
GRANT CREATE ON SCHEMA sec TO cre_sec;
GRANT SELECT, UPDATE ON plans_copy TO cre_sec;
GRANT SELECT ON access_disclosuredecision, plans_safetyplan, duties_mandatoryreport TO cre_sec;
GRANT SELECT ON children_person, children_contactsafetydecision TO cre_sec;
SET LOCAL ROLE cre_sec;

-- Whether a person of the file may not be given anything of the plan (BR-08, rulings Q5 and Q16).
CREATE FUNCTION sec.family_copy_is_barred(wanted_case uuid, wanted_person bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT NOT EXISTS (
        SELECT FROM children_person AS p
        WHERE p.id = wanted_person AND p.case_id = wanted_case AND p.ended_at IS NULL
    ) OR EXISTS (
        SELECT FROM (
            SELECT d.complicity, d.unsafe_to_contact FROM children_contactsafetydecision AS d
            WHERE d.person_id = wanted_person ORDER BY d.decided_at DESC, d.id DESC LIMIT 1
        ) AS latest
        WHERE latest.complicity NOT IN ('not_considered', 'cleared') OR latest.unsafe_to_contact
    ) OR EXISTS (
        SELECT FROM duties_mandatoryreport AS r
        WHERE r.case_id = wanted_case AND r.hidden_from_family
    )
$$;

-- Takes up one copy that waits (this one, or the longest waiting) and counts the try. Somebody else's for the length of
-- a lease is passed over, so one copy is never made twice at once. Who made it is settled by `tries`.
CREATE FUNCTION sec.take_up_copy(wanted bigint, lease_seconds integer, most_tries integer)
RETURNS TABLE (copy_id bigint, asked_by bigint, this_try smallint)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    WITH one AS (
        SELECT c.id FROM plans_copy AS c
        WHERE c.state = 'waiting' AND (wanted IS NULL OR c.id = wanted) AND c.tries < most_tries
          AND (c.taken_at IS NULL OR c.taken_at < clock_timestamp() - make_interval(secs => lease_seconds))
        ORDER BY c.asked_at, c.id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    UPDATE plans_copy AS c SET tries = c.tries + 1, taken_at = clock_timestamp()
    FROM one WHERE c.id = one.id RETURNING c.id, c.author_id, c.tries
$$;

-- Ends the waiting for what could not be made in so many tries.
CREATE FUNCTION sec.give_up_copies(lease_seconds integer, most_tries integer, why text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    WITH ended AS (
        UPDATE plans_copy SET state = 'failed', problem = why
        WHERE state = 'waiting' AND tries >= most_tries
          AND taken_at < clock_timestamp() - make_interval(secs => lease_seconds)
        RETURNING 1
    )
    SELECT count(*) FROM ended
$$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.family_copy_is_barred(uuid, bigint),
    sec.take_up_copy(bigint, integer, integer), sec.give_up_copies(integer, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.take_up_copy(bigint, integer, integer), sec.give_up_copies(integer, integer, text)
    TO cre_app, cre_seed;

CREATE TRIGGER check_copy BEFORE INSERT OR UPDATE ON plans_copy FOR EACH ROW EXECUTE FUNCTION sec.check_copy();

ALTER TABLE plans_copy ADD CONSTRAINT copy_sha256_is_of_its_bytes
    CHECK (pdf IS NULL OR sha256 = encode(sha256(pdf), 'hex'));
CREATE INDEX copy_waiting ON plans_copy (asked_at) WHERE state = 'waiting';

-- Nobody asks in another's name, nor for what their role may not make; only who asked puts in what was made.
CREATE POLICY asked_by_its_author ON plans_copy AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (state = 'waiting' AND tries = 0 AND pdf IS NULL AND content IS NULL
                AND author_id = (SELECT sec.principal()) AND sec.may('make_copy', case_id));
CREATE POLICY made_for_its_author ON plans_copy AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (state = 'waiting' AND author_id = (SELECT sec.principal()))
    WITH CHECK (author_id = (SELECT sec.principal()) AND sec.may('make_copy', case_id));
REVOKE UPDATE ON plans_copy FROM cre_app;
GRANT UPDATE (state, pdf, sha256, made_at, problem, content) ON plans_copy TO cre_app;
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_walls"), ("duties", "0002_walls"), ("children", "0002_walls")]

    operations = [
        migrations.RunSQL(COPIES.read_text(), reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(RULES, reverse_sql=migrations.RunSQL.noop),
    ]
