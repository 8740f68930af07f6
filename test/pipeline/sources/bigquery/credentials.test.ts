import { IdentityPoolClient, JWT, UserRefreshClient } from 'google-auth-library';
import { expect, it } from 'vitest';
import { createAuthClient } from '../../../../pipeline/sources/bigquery/credentials.ts';

it('a service account signs with its key', () => {
  const key = { type: 'service_account', client_email: 'a@b.example', private_key: 'secret' };
  const client = createAuthClient(key);
  expect(client).toBeInstanceOf(JWT);
  expect(client).toMatchObject({ email: 'a@b.example', key: 'secret' });
});

it('Workload Identity Federation exchanges the token of a file or an address', () => {
  const client = createAuthClient({
    type: 'external_account',
    audience:
      '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/g',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: 'https://sts.googleapis.com/v1/token',
    credential_source: { file: '/dev/null' },
  });
  expect(client).toBeInstanceOf(IdentityPoolClient);
});

it('a user refreshes', () => {
  const key = { type: 'authorized_user', client_id: 'i', client_secret: 's', refresh_token: 't' };
  expect(createAuthClient(key)).toBeInstanceOf(UserRefreshClient);
});

it('without a key, Application Default Credentials are looked for', () => {
  expect(createAuthClient(null)).toBeNull();
});

it('another kind of key is rejected by name, and no part of it is shown', () => {
  expect(() => createAuthClient({ type: 'gdch', private_key: 'secret' })).toThrow(
    'Google credentials of type "gdch" are not supported',
  );
});
