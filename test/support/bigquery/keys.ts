import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GoogleKey } from '../../../pipeline/sources/bigquery/credentials.ts';
import { type LocalBigQuery, SUBJECT_TOKEN } from './server.ts';

/**
 * A credential as Workload Identity Federation uses it: the subject token lies in a file, and is
 * exchanged at the local token service, by the real exchange of Google's library.
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
