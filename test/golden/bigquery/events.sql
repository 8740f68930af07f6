-- The events of the tracked repositories in a window, with the fields of their payloads that
-- are used, under the names that the payloads give them. Payload fields are text or NULL.
--
-- FIRST_SUFFIX and LAST_SUFFIX are written in as literals: only constants keep BigQuery from
-- reading (and billing) every table. They reach from the window's first day to the day after
-- its last, because events are filed by the time of the crawl, up to 6 hours after they happened.
SELECT
  type,
  STRUCT(CAST(actor.id AS STRING) AS id, actor.login AS login) AS actor,
  STRUCT(CAST(repo.id AS STRING) AS id, repo.name AS name) AS repo,
  FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E3SZ', created_at) AS created_at,
  JSON_VALUE(payload, '$.action') AS action,
  JSON_VALUE(payload, '$.ref') AS ref,
  -- An array in a result is never NULL: whether there were any commits is a column of its own.
  JSON_QUERY(payload, '$.commits') IS NOT NULL AS has_commits,
  ARRAY(
    SELECT AS STRUCT
      JSON_VALUE(pushed, '$.sha') AS sha,
      -- Only the first line is used, up to 200 characters, and the co-authors at the end. What is
      -- read, and so billed, is the whole column in any case.
      IF(LENGTH(message) > 4400, CONCAT(SUBSTR(message, 1, 400), SUBSTR(message, -4000)), message)
        AS message,
      JSON_VALUE(pushed, '$.distinct') AS `distinct`
    FROM UNNEST(JSON_QUERY_ARRAY(payload, '$.commits')) AS pushed,
      UNNEST([JSON_VALUE(pushed, '$.message')]) AS message
  ) AS commits,
  STRUCT(
    JSON_VALUE(payload, '$.pull_request.number') AS number,
    SUBSTR(JSON_VALUE(payload, '$.pull_request.title'), 1, 400) AS title,
    JSON_VALUE(payload, '$.pull_request.created_at') AS created_at,
    JSON_VALUE(payload, '$.pull_request.merged') AS merged,
    JSON_VALUE(payload, '$.pull_request.merged_at') AS merged_at,
    JSON_VALUE(payload, '$.pull_request.additions') AS additions,
    JSON_VALUE(payload, '$.pull_request.deletions') AS deletions,
    STRUCT(
      JSON_VALUE(payload, '$.pull_request.user.id') AS id,
      JSON_VALUE(payload, '$.pull_request.user.login') AS login,
      JSON_VALUE(payload, '$.pull_request.user.type') AS type
    ) AS user
  ) AS pull_request,
  STRUCT(
    JSON_VALUE(payload, '$.issue.number') AS number,
    SUBSTR(JSON_VALUE(payload, '$.issue.title'), 1, 400) AS title,
    JSON_VALUE(payload, '$.issue.created_at') AS created_at,
    JSON_VALUE(payload, '$.issue.closed_at') AS closed_at,
    STRUCT(
      JSON_VALUE(payload, '$.issue.user.id') AS id,
      JSON_VALUE(payload, '$.issue.user.login') AS login,
      JSON_VALUE(payload, '$.issue.user.type') AS type
    ) AS user
  ) AS issue,
  STRUCT(
    JSON_VALUE(payload, '$.review.id') AS id,
    JSON_VALUE(payload, '$.review.submitted_at') AS submitted_at,
    STRUCT(
      JSON_VALUE(payload, '$.review.user.id') AS id,
      JSON_VALUE(payload, '$.review.user.login') AS login,
      JSON_VALUE(payload, '$.review.user.type') AS type
    ) AS user
  ) AS review,
  STRUCT(
    JSON_VALUE(payload, '$.comment.id') AS id,
    JSON_VALUE(payload, '$.comment.created_at') AS created_at,
    JSON_VALUE(payload, '$.comment.commit_id') AS commit_id,
    STRUCT(
      JSON_VALUE(payload, '$.comment.user.id') AS id,
      JSON_VALUE(payload, '$.comment.user.login') AS login,
      JSON_VALUE(payload, '$.comment.user.type') AS type
    ) AS user
  ) AS comment,
  STRUCT(
    JSON_VALUE(payload, '$.release.id') AS id,
    JSON_VALUE(payload, '$.release.published_at') AS published_at,
    SUBSTR(JSON_VALUE(payload, '$.release.name'), 1, 400) AS name,
    JSON_VALUE(payload, '$.release.tag_name') AS tag_name,
    STRUCT(
      JSON_VALUE(payload, '$.release.author.id') AS id,
      JSON_VALUE(payload, '$.release.author.login') AS login,
      JSON_VALUE(payload, '$.release.author.type') AS type
    ) AS author
  ) AS release
FROM `githubarchive.day.2*`
WHERE _TABLE_SUFFIX BETWEEN '0250131' AND '0250202'
  AND type IN UNNEST(@event_types)
  AND created_at >= @window_from
  AND created_at < @window_to
  AND repo.id IN UNNEST(@repository_ids)
