import { describe, expect, it } from 'vitest';
import { describeFailure, isAfter, issueMarker } from '../../../pipeline/actions/failure-issue.ts';
import { cutExcerpt } from '../../../pipeline/actions/finished-run.ts';
import { describePages } from '../../../pipeline/actions/pages.ts';
import { formatMessage } from '../../../pipeline/actions/webhook-message.ts';
import { codeBlock, escapeMarkdown, table } from '../../../pipeline/util/markdown.ts';

/** The texts that the workflows show, and how they take texts from outside. */

const RUN = {
  id: 1,
  name: 'Pipeline',
  workflow_id: 1,
  run_number: 7,
  run_attempt: 1,
  conclusion: 'failure',
  html_url: 'https://github.com/a/b/actions/runs/1',
};

describe('Markdown', () => {
  it.each([
    ['a|b', 'a\\|b'],
    ['[x](http://y)', '\\[x\\](http://y)'],
    ['<img>', '&lt;img>'],
    ['&lt;', '&amp;lt;'],
    ['two\nlines', 'two lines'],
    ['@ada #1', '@\u200Bada #\u200B1'],
    ['\u001b[2J\u202E', 'U+001B\\[2JU+202E'],
    ['`*_~', '\\`\\*\\_\\~'],
  ])('shows %j as it is', (text, shown) => {
    expect(escapeMarkdown(text)).toBe(shown);
  });

  it('has a fence that no text ends', () => {
    expect(codeBlock('a\n````\nb')).toBe('`````text\na\n````\nb\n`````');
  });

  it('has tables that no cell breaks', () => {
    expect(table(['A'], [['x|y\nz']])).toBe('| A |\n| --- |\n| x\\|y z |');
  });
});

describe('a failure', () => {
  it('names at most twenty repositories', () => {
    const repositories = Array.from({ length: 30 }, (_, index) => `a/r${index}`);
    const failure = { stages: ['scrape'], repositories, errorClasses: ['timeout'], excerpt: '' };
    expect(describeFailure(RUN, failure)).toContain('a/r19 and 10 more');
    expect(describeFailure(RUN, failure)).toContain('run it again');
  });

  it('says what to do about a class that is not known', () => {
    const failure = {
      stages: [],
      repositories: [],
      errorClasses: ['x'],
      excerpt: 'y'.repeat(9_000),
    };
    const text = describeFailure(RUN, failure);
    expect(text).toContain('- Stage: none named');
    expect(text).toContain('Read the message and the log, and run it again.');
    expect(text.length).toBeLessThan(7_000);
  });

  it('is remembered in a marker that no name can end', () => {
    const commented_at = '2026-01-01T00:00:00.000Z';
    const memory = { workflow: '--> x', run: 1, attempt: 1, failures: 1, commented_at };
    expect(issueMarker.write(memory)).not.toContain('--> x');
    expect(issueMarker.read(`text\n${issueMarker.write(memory)}\n`)).toEqual(memory);
    expect(issueMarker.read('<!-- leaderboard-run-report:v1 bm8= -->')).toBeNull();
    expect(issueMarker.read('no marker')).toBeNull();
  });

  it('comes after another by run, then by attempt', () => {
    const at = (run: number, attempt: number) => ({ run, attempt });
    expect(isAfter(at(2, 1), at(1, 9))).toBe(true);
    expect(isAfter(at(1, 2), at(1, 1))).toBe(true);
    expect(isAfter(at(1, 1), at(1, 1))).toBe(false);
    expect(isAfter(at(1, 9), at(2, 1))).toBe(false);
  });

  it('is shown by the last lines before the first error of a log', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const log = [
      '\uFEFF2026-11-27T00:00:00.0000000Z ##[group]Run npm',
      ...lines.map((line) => `2026-11-27T00:00:00.0000000Z \u001b[31m${line}\u001b[0m`),
      '2026-11-27T00:00:00.0000000Z ##[error]Process completed with exit code 1.',
      '2026-11-27T00:00:01.0000000Z Post job cleanup.',
    ].join('\r\n');
    const excerpt = cutExcerpt(log).split('\n');
    expect(excerpt).toHaveLength(20);
    expect(excerpt.slice(-2)).toEqual(['line 39', 'Error: Process completed with exit code 1.']);
  });
});

describe('a message', () => {
  const message = {
    kind: 'failure',
    title: 'a <b>',
    lines: ['@everyone *x*', 'y'.repeat(3_000)],
    url: 'https://github.com/a',
  } as const;

  it('is plain JSON', () => {
    expect(formatMessage({ ...message, lines: ['x'] }, 'json')).toEqual({
      kind: 'failure',
      title: 'a <b>',
      lines: ['x'],
      url: message.url,
    });
  });

  it('is escaped for Slack', () => {
    expect(formatMessage({ ...message, lines: [] }, 'slack')).toEqual({
      text: 'a &lt;b&gt;\nhttps://github.com/a',
    });
  });

  it('calls nobody and fits in Discord', () => {
    const body = formatMessage(message, 'discord') as { content: string };
    expect(body).toMatchObject({ allowed_mentions: { parse: [] } });
    expect(body.content.length).toBeLessThanOrEqual(2_000);
    expect(body.content).toContain('@\u200Beveryone \\*x\\*');
    expect(body.content).toMatch(/\nhttps:\/\/github\.com\/a$/);
  });

  it('is a card for Teams', () => {
    const body = JSON.stringify(formatMessage({ ...message, lines: ['x'] }, 'teams'));
    expect(JSON.parse(body)).toMatchObject({
      type: 'message',
      attachments: [{ content: { type: 'AdaptiveCard', actions: [{ url: message.url }] } }],
    });
  });
});

describe('the path of the site', () => {
  const api = (owner: string, repo: string) => ({ owner, repo, url: '' }) as never;
  const EXAMPLE = 'https://example.github.io/leaderboard/';
  const argsOf = (pages: Parameters<typeof describePages>[0], url: string, repo = 'board') =>
    describePages(pages, url, api('Guild', repo)).site_args;

  it('is that of Pages while the configuration has the example', () => {
    expect(argsOf({ state: 'on', url: 'https://guild.github.io/x/' }, EXAMPLE)).toBe('--base\n/x/');
    expect(argsOf({ state: 'on', url: 'https://board.example/' }, EXAMPLE)).toBe('--base\n/');
    expect(argsOf({ state: 'off' }, EXAMPLE)).toBe('--base\n/board/');
    expect(argsOf({ state: 'off' }, EXAMPLE, 'guild.github.io')).toBe('--base\n/');
  });

  it('is that of the configuration when it has one', () => {
    expect(argsOf({ state: 'off' }, 'https://a.example/b/')).toBe('');
  });
});
