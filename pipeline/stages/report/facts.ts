import { GLOBAL_BOARD } from '../../../db/queries/leaderboards.ts';
import { countBetween } from '../../../db/queries/report/facts.ts';
import { CONTRIBUTION_KINDS, countColumn } from '../../domain/contribution-kinds.ts';
import { DAY_MS, KNOWN_BEFORE_MS, PERIODS, type Period } from '../../domain/time.ts';
import { type FactsDocument, type FactsOfBoard, factsSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import { type BoardEntry, type Boards, countAll, isRanked, type Scope } from './boards.ts';
import type { Report } from './context.ts';
import { type RepositoryKnowledge, unknownKindsOf } from './knowledge.ts';

/** The facts of the last seven days, one board after the other. */
export interface FactsWriter {
  readonly add: (scope: Scope, boards: Boards) => void;
  readonly write: () => void;
}

const WEEK_MS = 7 * DAY_MS;
const RISE_WITHIN = 100;

/** Counts what the seven days before the last seven brought; the rest is on the boards. */
export async function startFacts(report: Report): Promise<FactsWriter> {
  const { db, head, folder, clock } = report;
  const from = new Date(clock.getTime() - WEEK_MS);
  const before = await countBetween(db, new Date(from.getTime() - WEEK_MS), from);
  const boards: FactsOfBoard[] = [];
  return {
    add: ({ repositoryId, scope }, all) => {
      const known = kindsOf(report, repositoryId, from.getTime() - WEEK_MS);
      const rows = before.filter(
        (row) => repositoryId === GLOBAL_BOARD || row.repositoryId === repositoryId,
      );
      boards.push({
        scope,
        ...factsOf(all, from),
        compared:
          known.length === 0
            ? null
            : {
                now: sum(all.get('week') ?? [], ({ line }) =>
                  sum(known, (kind) => line[countColumn(kind)]),
                ),
                before: sum(rows, (row) => (known.includes(row.kind) ? row.contributions : 0)),
              },
        periods: movesOf(all, (period) => report.previousDays.has(`${repositoryId} ${period}`)),
      });
    },
    write: () => {
      const document: FactsDocument = {
        ...head,
        from: from.toISOString(),
        to: clock.toISOString(),
        boards,
      };
      folder.write(documentPath('facts'), factsSchema, document);
    },
  };
}

/** The kinds that are known for all of the last month; none if what was read begins after a moment. */
function kindsOf({ knowledge }: Report, repositoryId: number, moment: number) {
  const { byId } = knowledge;
  const all = repositoryId === GLOBAL_BOARD ? [...byId.values()] : [byId.get(repositoryId)];
  const read = all.flatMap((own) => (own && own.windows.length > 0 ? own : []));
  const begins = ({ windows }: RepositoryKnowledge) =>
    Math.min(...windows.map(({ window }) => window.from.getTime()));
  if (read.length === 0 || read.some((own) => begins(own) > moment)) return [];
  const unknown: readonly string[] = unknownKindsOf(knowledge, repositoryId, 'month');
  return CONTRIBUTION_KINDS.filter((kind) => !unknown.includes(kind));
}

const sum = <T>(rows: readonly T[], value: (row: T) => number): number =>
  rows.reduce((total, row) => total + value(row), 0);

function factsOf(boards: Boards, from: Date) {
  const week = boards.get('week') ?? [];
  const all = (boards.get('all') ?? []).filter(isRanked);
  const first = Math.min(...all.map(({ line }) => line.first_contribution_at));
  const isPastKnown = first <= from.getTime() - KNOWN_BEFORE_MS;
  const merged = new Map(all.map(({ line }) => [line.user_id, line.pr_merged_count]));
  const leader = week.find(isRanked);
  return {
    contributions: sum(week, ({ line }) => countAll(line)),
    people: week.length,
    newcomers: isPastKnown
      ? all.filter(({ line }) => line.first_contribution_at >= from.getTime()).length
      : null,
    first_merged: isPastKnown
      ? week.filter(
          ({ line }) =>
            line.pr_merged_count > 0 && line.pr_merged_count === merged.get(line.user_id),
        ).length
      : null,
    leader: leader ? { username: leader.person.login, points: leader.line.total_score } : null,
  };
}

function movesOf(boards: Boards, isCompared: (period: Period) => boolean): FactsOfBoard['periods'] {
  return Object.fromEntries(
    PERIODS.filter(isCompared).map((period) => {
      const ranked = (boards.get(period) ?? []).filter(isRanked);
      const ten = ranked.filter(({ line }) => line.rank <= 10 && (line.previous_rank ?? 11) > 10);
      return [period, { rise: riseOf(ranked), new_in_ten: ten.map(({ person }) => person.login) }];
    }),
  );
}

const placesUp = ({ line }: BoardEntry) => (line.previous_rank ?? line.rank) - line.rank;

function riseOf(ranked: readonly BoardEntry[]) {
  const rises = ranked.filter((entry) => entry.line.rank <= RISE_WITHIN && placesUp(entry) > 0);
  const best = rises.toSorted((a, b) => placesUp(b) - placesUp(a))[0];
  if (!best) return null;
  const { rank, previous_rank } = best.line;
  return { username: best.person.login, rank, previous_rank: previous_rank ?? rank };
}
