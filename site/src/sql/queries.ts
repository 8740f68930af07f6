/** Queries to begin with, in PostgreSQL's language. */
export const READY_QUERIES = [
  {
    what: 'Who climbed most this month?',
    query: `SELECT username, previous_rank - rank AS places, rank, total_score
FROM boards
WHERE scope = 'global' AND period = 'month' AND previous_rank > rank
ORDER BY places DESC, rank LIMIT 10`,
  },
  {
    what: 'What is on the board of the week, as CSV?',
    id: 'board',
    query: `SELECT * FROM boards
WHERE scope = 'global' AND period = 'week' AND rank IS NOT NULL
ORDER BY rank, username`,
  },
  {
    what: 'Who reviews in more than one repository?',
    query: `SELECT username, count(*) AS repositories, sum(pr_reviewed_count) AS reviews
FROM boards
WHERE scope <> 'global' AND period = 'year' AND pr_reviewed_count > 0
GROUP BY username HAVING count(*) > 1
ORDER BY reviews DESC LIMIT 20`,
  },
  {
    what: 'What was done in each month?',
    query: `SELECT to_char(day, 'YYYY-MM') AS month, sum(pr_merged_count) AS merged,
  sum(pr_reviewed_count) AS reviews, sum(issues_closed_count) AS closed
FROM days GROUP BY month ORDER BY month`,
  },
  {
    what: 'Who came in the last quarter?',
    query: `SELECT username, first_contribution, total_score
FROM boards
WHERE scope = 'global' AND period = 'all' AND first_contribution > (
  SELECT max(last_contribution) - 90 FROM boards WHERE scope = 'global')
ORDER BY total_score DESC LIMIT 20`,
  },
  {
    what: 'How few people do half of the work of a repository?',
    query: `SELECT scope, min(place) AS people
FROM (
  SELECT scope, row_number() OVER best AS place,
    sum(total_score) OVER best / sum(total_score) OVER (PARTITION BY scope) AS share
  FROM boards WHERE period = 'year' AND scope <> 'global' AND total_score > 0
  WINDOW best AS (PARTITION BY scope ORDER BY total_score DESC, username)
) AS shares
WHERE share >= 0.5 GROUP BY scope ORDER BY people, scope`,
  },
] as const;
