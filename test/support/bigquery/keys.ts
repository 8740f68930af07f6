import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GoogleKey } from '../../../pipeline/sources/bigquery/credentials.ts';
import { type LocalBigQuery, SUBJECT_TOKEN } from './server.ts';

/**
 * A credential of Workload Identity Federation: the subject token is in a file, and Google's
 * library exchanges it at the local token service.
 */
export function externalAccountKey(local: LocalBigQuery, subjectToken = SUBJECT_TOKEN): GoogleKey {
  const file = join(mkdtempSync(join(tmpdir(), 'leaderboard-token-')), 'token');
  writeFileSync(file, subjectToken);
  return {
    type: 'external_account',
    audience:
      '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/github',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${local.url}/v1/token`,
    credential_source: { file },
  };
}
