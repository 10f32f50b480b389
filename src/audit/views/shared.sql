-- Views with the same SQL on Athena and DuckDB. They read views of athena.sql and duckdb.sql.

-- Sessions, with the first of a chain of sessions that opened each other.
CREATE OR REPLACE VIEW session_chains AS
WITH hop_0 AS (
  SELECT
    opened_sessions.*, opener_access_key_id AS opener_0, opened_by AS first_0, opener_name AS name_0,
    -- A service or an identity provider named the session that it opened, so the session is the first principal.
    opener_type IN ('AssumedRole', 'IAMUser', 'FederatedUser', 'Root', 'AWSAccount') AS is_link
  FROM opened_sessions
), pairs_1 AS (
  -- Each session as the opener of others, and as one that was opened. Every hop doubles the length of the chains that
  -- are followed: 2, 4 and 8 sessions.
  SELECT
    hop_0.*, side AS side_1,
    CASE WHEN side = 'opener' THEN access_key_id ELSE coalesce(opener_0, access_key_id) END AS key_1
  FROM hop_0
  CROSS JOIN (VALUES ('opener'), ('opened')) AS sides (side)
), hop_1 AS (
  SELECT
    pairs_1.*,
    max(CASE WHEN side_1 = 'opener' AND is_link THEN opener_0 END) OVER (PARTITION BY for_day, key_1) AS opener_1,
    coalesce(
      max(CASE WHEN side_1 = 'opener' AND is_link THEN first_0 END) OVER (PARTITION BY for_day, key_1), first_0
    ) AS first_1,
    coalesce(
      max(CASE WHEN side_1 = 'opener' AND is_link THEN name_0 END) OVER (PARTITION BY for_day, key_1), name_0
    ) AS name_1
  FROM pairs_1
), pairs_2 AS (
  SELECT
    hop_1.*, side AS side_2,
    CASE WHEN side = 'opener' THEN access_key_id ELSE coalesce(opener_1, access_key_id) END AS key_2
  FROM hop_1
  CROSS JOIN (VALUES ('opener'), ('opened')) AS sides (side)
  WHERE side_1 = 'opened'
), hop_2 AS (
  SELECT
    pairs_2.*,
    max(CASE WHEN side_2 = 'opener' AND is_link THEN opener_1 END) OVER (PARTITION BY for_day, key_2) AS opener_2,
    coalesce(
      max(CASE WHEN side_2 = 'opener' AND is_link THEN first_1 END) OVER (PARTITION BY for_day, key_2), first_1
    ) AS first_2,
    coalesce(
      max(CASE WHEN side_2 = 'opener' AND is_link THEN name_1 END) OVER (PARTITION BY for_day, key_2), name_1
    ) AS name_2
  FROM pairs_2
), pairs_3 AS (
  SELECT
    hop_2.*, side AS side_3,
    CASE WHEN side = 'opener' THEN access_key_id ELSE coalesce(opener_2, access_key_id) END AS key_3
  FROM hop_2
  CROSS JOIN (VALUES ('opener'), ('opened')) AS sides (side)
  WHERE side_2 = 'opened'
), hop_3 AS (
  SELECT
    pairs_3.*,
    max(CASE WHEN side_3 = 'opener' AND is_link THEN opener_2 END) OVER (PARTITION BY for_day, key_3) AS opener_3,
    coalesce(
      max(CASE WHEN side_3 = 'opener' AND is_link THEN first_2 END) OVER (PARTITION BY for_day, key_3), first_2
    ) AS first_3,
    coalesce(
      max(CASE WHEN side_3 = 'opener' AND is_link THEN name_2 END) OVER (PARTITION BY for_day, key_3), name_2
    ) AS name_3
  FROM pairs_3
)
SELECT
  access_key_id, for_day, opened_at, action, opened_by, opener_type, opener_role_arn, opened_from, opened_role_arn,
  opened_session_name, first_3 AS first_opened_by, name_3 AS first_opener_name
FROM hop_3
WHERE side_3 = 'opened';

-- Downloads of models, for queries that compare principals with their own past. The opener of a
-- session chooses its name, so the direct roles, which many sessions use, are also compared as a whole.
CREATE OR REPLACE VIEW habitual_reads AS
WITH reads AS (
  SELECT
    e.event_time, e.event_day, e.principal, nullif(regexp_extract(e.role_arn, '[^/]+\z'), '') || '=*' AS whole_role,
    coalesce(strpos(',' || s.direct_role_arns || ',', ',' || e.role_arn || ',') > 0, false) AS is_direct,
    e.source_ip, e.object_key, e.model, e.bytes_out, kind
  FROM egress_events e
  CROSS JOIN audit_settings s
  CROSS JOIN (VALUES ('principal'), ('role')) AS kinds (kind)
  WHERE e.egress
    AND e.object_kind <> 'log'
)
SELECT
  event_time, event_day, CASE WHEN kind = 'role' THEN whole_role ELSE principal END AS principal, source_ip, object_key,
  model, bytes_out
FROM reads
WHERE kind = 'principal' OR (is_direct AND principal <> whole_role);
