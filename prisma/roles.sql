-- Creates the two database roles of a deployment and gives the application's tables to the first. Run it as an administrator,
-- connected to the application's database; running it again is harmless.
--   linkwell_owner    owns schemas and tables; `npm run migrate` uses it (DATABASE_OWNER_URL)
--   linkwell_runtime  web and worker use it (DATABASE_URL); `npm run migrate` grants it what it needs, and nothing more
-- Passwords come from the settings linkwell.owner_password and linkwell.runtime_password; without them they stay as they are:
--   PGOPTIONS='-c linkwell.owner_password=… -c linkwell.runtime_password=…' psql -d linkwell -f roles.sql
DO $$
DECLARE
  login RECORD;
  object RECORD;
  former RECORD;
BEGIN
  FOR login IN SELECT * FROM (VALUES
    ('linkwell_owner', current_setting('linkwell.owner_password', true)),
    ('linkwell_runtime', current_setting('linkwell.runtime_password', true))) AS logins (name, password)
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = login.name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I LOGIN', login.name);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        -- Created meanwhile, from another database of this server.
      END;
    END IF;
    IF login.password <> '' THEN
      EXECUTE format('ALTER ROLE %I PASSWORD %L', login.name, login.password);
    END IF;
  END LOOP;

  -- Only a member of a role may give it something, unless they are a superuser.
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT linkwell_owner TO %I', current_user);
  END IF;

  -- The single role that has migrated so far may still serve: it keeps its rights as a member until an administrator revokes
  -- them (docs/operations.md, "Database roles").
  FOR former IN
    SELECT r.rolname AS name FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
    WHERE c.oid = to_regclass('public._prisma_migrations') AND NOT r.rolsuper AND r.rolname NOT IN ('linkwell_owner', 'linkwell_runtime')
  LOOP
    EXECUTE format('GRANT linkwell_owner TO %I', former.name);
  END LOOP;

  ALTER SCHEMA public OWNER TO linkwell_owner;
  IF to_regnamespace('pgboss') IS NULL THEN
    CREATE SCHEMA pgboss AUTHORIZATION linkwell_owner;
  ELSE
    ALTER SCHEMA pgboss OWNER TO linkwell_owner;
  END IF;

  -- What an earlier release created with a single role. Sequences of columns follow their tables; extensions keep their owner.
  FOR object IN
    SELECT format('ALTER TABLE %s OWNER TO linkwell_owner', c.oid::regclass) AS command
    FROM pg_class c
    WHERE c.relnamespace IN ('public'::regnamespace, 'pgboss'::regnamespace) AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
      AND c.relowner <> 'linkwell_owner'::regrole
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i', 'e') AND (c.relkind = 'S' OR d.deptype = 'e'))
    UNION ALL
    SELECT format('ALTER TYPE %s OWNER TO linkwell_owner', t.oid::regtype)
    FROM pg_type t
    WHERE t.typnamespace IN ('public'::regnamespace, 'pgboss'::regnamespace) AND t.typtype IN ('e', 'd')
      AND t.typowner <> 'linkwell_owner'::regrole
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('ALTER ROUTINE %s OWNER TO linkwell_owner', p.oid::regprocedure)
    FROM pg_proc p
    WHERE p.pronamespace IN ('public'::regnamespace, 'pgboss'::regnamespace) AND p.proowner <> 'linkwell_owner'::regrole
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP
    EXECUTE object.command;
  END LOOP;
END $$;
