import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readSpan } from '../../site/src/lib/boards.ts';
import { buildDocuments, writeDocuments } from '../support/documents.ts';

describe('the span that was read', () => {
  const data = mkdtempSync(join(tmpdir(), 'site-span-'));

  beforeAll(() => {
    const documents = buildDocuments({ people: 3, contributorPages: 1 });
    const shed = documents.get('repositories/Tools-Co/shed.json') as object;
    documents.set('repositories/Tools-Co/shed.json', { ...shed, windows: [] });
    writeDocuments(data, documents);
    vi.stubEnv('SITE_DATA', data);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(data, { recursive: true, force: true });
  });

  it('goes over all windows of a repository, or of all repositories', () => {
    const span = { from: '2023-10-01T00:00:00.000Z', to: '2025-11-20T00:00:00.000Z' };
    expect(readSpan('meadow/garden')).toEqual(span);
    expect(readSpan('global')).toEqual(span);
  });

  it('is null where nothing was read', () => {
    expect(readSpan('Tools-Co/shed')).toBeNull();
  });
});
