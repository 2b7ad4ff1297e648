-- {about}

BEGIN;
DO {mark}
DECLARE
  owner name := {owner};
  app name := {app};
  place name := current_schema();
  thing record;
BEGIN
  IF place IS NULL THEN
    RAISE EXCEPTION 'no schema to work in';
  END IF;

  -- {roles}
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = owner) THEN
    EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', owner);
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = app) THEN
    EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', app);
  END IF;

  -- {refused}
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = app
             AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)) THEN
    RAISE EXCEPTION 'role % has rights of an administrator', app;
  END IF;
  IF pg_has_role(app, owner, 'MEMBER') THEN
    RAISE EXCEPTION 'role % is a member of role %', app, owner;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_database WHERE datname = current_database() AND pg_get_userbyid(datdba) = app)
     OR EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = place AND pg_get_userbyid(nspowner) = app) THEN
    RAISE EXCEPTION 'role % owns the database or its schema', app;
  END IF;

  -- {owned}
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I, %I', current_database(), owner, app);
  EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC, %I', place, app);
  EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO %I', place, owner);
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', place, app);
  FOR thing IN
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = place AND c.relkind = 'r' AND pg_get_userbyid(c.relowner) <> owner
      AND c.relname IN ('schema_version', {names})
  LOOP
    EXECUTE format('ALTER TABLE %I.%I OWNER TO %I', place, thing.relname, owner);
  END LOOP;
  FOR thing IN
    SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = place AND p.proname = 'audit_append_only' AND pg_get_userbyid(p.proowner) <> owner
  LOOP
    EXECUTE format('ALTER FUNCTION %I.%I() OWNER TO %I', place, thing.proname, owner);
  END LOOP;

  -- {rights}
  FOR thing IN
    SELECT c.relname, r.rights FROM (VALUES
      ('schema_version', 'SELECT'),
{tables}
    ) AS r (relname, rights)
    JOIN pg_class c ON c.relname = r.relname AND c.relkind = 'r'
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = place
  LOOP
    EXECUTE format('REVOKE ALL ON TABLE %I.%I FROM PUBLIC, %I', place, thing.relname, app);
    EXECUTE format('GRANT %s ON TABLE %I.%I TO %I', thing.rights, place, thing.relname, app);
  END LOOP;
  FOR thing IN
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = place AND c.relkind = 'S' AND pg_get_userbyid(c.relowner) = owner
  LOOP
    EXECUTE format('REVOKE ALL ON SEQUENCE %I.%I FROM PUBLIC, %I', place, thing.relname, app);
    EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE %I.%I TO %I', place, thing.relname, app);
  END LOOP;

  -- {future}
  EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT SELECT, INSERT ON TABLES TO %I',
                 owner, place, app);
  EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT USAGE, SELECT ON SEQUENCES TO %I',
                 owner, place, app);
END
{mark};
COMMIT;
