-- The cheap mode: who was active in the tracked repositories, without reading payloads, which
-- are more than 95 % of the bytes. Without a number or an id from the payload no contribution
-- has a key, so this credits nothing: it says how many events there are and who goes by which
-- login. FIRST_SUFFIX and LAST_SUFFIX are literals, as in events.sql.
SELECT
  CAST(actor.id AS STRING) AS actor_id,
  actor.login AS actor_login,
  FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E3SZ', MIN(created_at)) AS first_seen_at,
  FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E3SZ', MAX(created_at)) AS last_seen_at,
  CAST(COUNT(*) AS STRING) AS events
FROM `githubarchive.day.2*`
WHERE _TABLE_SUFFIX BETWEEN '0250131' AND '0250202'
  AND type IN UNNEST(@event_types)
  AND created_at >= @window_from
  AND created_at < @window_to
  AND (repo.id IN UNNEST(@repository_ids) OR LOWER(repo.name) IN UNNEST(@repository_names))
GROUP BY actor.id, actor.login
