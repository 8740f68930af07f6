-- The hours of a window that have events at all, of whichever repository: those that have none
-- are holes of the archive. One column is read, about a hundredth of what events.sql reads.
-- FIRST_SUFFIX and LAST_SUFFIX are literals, as in events.sql.
SELECT
  FORMAT_TIMESTAMP('%Y-%m-%dT%H:00:00Z', created_at) AS hour
FROM `githubarchive.day.2*`
WHERE _TABLE_SUFFIX BETWEEN '0250131' AND '0250202'
  AND created_at >= @window_from
  AND created_at < @window_to
GROUP BY hour
