-- The ids that events had under the names of the tracked repositories, when, and how many: a
-- repository is its id, and the name may have been that of another one. No payload is read: that is
-- about a thirtieth of what events.sql reads. FIRST_SUFFIX and LAST_SUFFIX are literals, as in events.sql.
SELECT
  LOWER(repo.name) AS name,
  CAST(repo.id AS STRING) AS id,
  FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E3SZ', MIN(created_at)) AS first_seen_at,
  FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E3SZ', MAX(created_at)) AS last_seen_at,
  CAST(COUNT(*) AS STRING) AS events
FROM `githubarchive.day.2*`
WHERE _TABLE_SUFFIX BETWEEN '0250131' AND '0250202'
  AND type IN UNNEST(@event_types)
  AND created_at >= @window_from
  AND created_at < @window_to
GROUP BY name, id
HAVING name IN UNNEST(@repository_names)
