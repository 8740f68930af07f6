import { describe, expect, it } from 'vitest';
import { parsePreview } from '../../../pipeline/actions/comment-preview.ts';
import {
  type ConfigPreview,
  MOST_PREVIEW_BYTES,
} from '../../../pipeline/actions/config-preview-document.ts';
import { commentText, summaryText } from '../../../pipeline/actions/preview-comment.ts';
import { toJson } from '../../../pipeline/actions/preview-config.ts';
import { PERIODS } from '../../../pipeline/domain/time.ts';
import { formatReport } from '../../../pipeline/stages/preview/format-report.ts';
import { LISTED, type PreviewReport } from '../../../pipeline/stages/preview/report.ts';
import { reportNaming } from '../../support/preview-report.ts';

/** Previews of many repositories, all of whose boards change. */

const PLACE = {
  runUrl: 'https://github.com/guild/leaderboard/actions/runs/1',
  changesWorkflows: false,
};

const full = <T>([first]: readonly T[], length: number): T[] =>
  first ? Array.from({ length }, () => first) : [];

function reportOf(repositories: number): PreviewReport {
  const report = reportNaming('somebody-with-a-long-name');
  const boards = report.boards
    .filter(({ scope }) => scope === 'global')
    .map((board) => ({
      ...board,
      ...{ movers: full(board.movers, LISTED), top: full(board.top, 10) },
      ...{ entering: full(board.entering, LISTED), leaving: full(board.leaving, LISTED) },
    }));
  const scopes = Array.from({ length: repositories }, (_, place) => `owner/name-${place}`);
  const own = scopes.flatMap((scope) => boards.map((board) => ({ ...board, scope })));
  return { ...report, boards: [...boards, ...own] };
}

const documentOf = (repositories: number): ConfigPreview => ({
  ...{ pull_request: 7, commit: 'c0ffee'.padEnd(40, '0'), problems: [], obstacle: null },
  preview: reportOf(repositories),
});

describe('a preview of many repositories', () => {
  it.each([
    [10, LISTED],
    [300, 5],
    [800, 1],
  ])('of %i hands over the first %i of each list', (repositories, length) => {
    const document = documentOf(repositories);
    const text = toJson(document);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_PREVIEW_BYTES);
    const boards = parsePreview(text)?.preview?.boards ?? [];
    expect(boards).toHaveLength((repositories + 1) * PERIODS.length);
    expect(boards[0]).toEqual(document.preview?.boards[0]);
    expect(boards.at(-1)?.movers).toHaveLength(length);
    expect(boards.at(-1)?.leaving).toHaveLength(length);
  });

  it('fits into a comment and into a summary, whole parts of it', () => {
    const document = documentOf(60);
    const [comment, summary] = [commentText(document, PLACE), summaryText(document)];
    expect(comment.length).toBeLessThan(65_536);
    expect(Buffer.byteLength(summary)).toBeLessThan(1_000_000);
    const folds = (text: string) => text.match(/^<details>/gm)?.length ?? 0;
    for (const text of [comment, summary]) {
      expect(folds(text)).toBe(text.match(/^<\/details>/gm)?.length);
      expect(text).toMatch(/\n\nThe rest is too long for a (comment|summary): /);
    }
    expect(folds(summary)).toBeGreaterThan(3 * folds(comment));
    expect(summaryText(documentOf(10))).not.toContain('The rest is too long');
  });

  it('names in a terminal who moves on five of the boards, and says where the others are', () => {
    const text = formatReport(reportOf(7), 'text');
    expect(text).toContain('owner/name-4, all time: the largest moves');
    expect(text).not.toContain('owner/name-5, all time: the largest moves');
    expect(text).toContain('Boards of 2 more repositories: with `--format markdown` or `json`');
    expect(formatReport(reportOf(7), 'markdown')).toContain('`owner/name-6`, all time: the first');
  });
});
