import {
  type AuthClient,
  IdentityPoolClient,
  type IdentityPoolClientOptions,
  JWT,
  OAuth2Client,
  UserRefreshClient,
} from 'google-auth-library';

/** The only permission that is requested: to run queries. */
const SCOPES = ['https://www.googleapis.com/auth/bigquery'];

export type GoogleKey = Readonly<Record<string, unknown>>;

/**
 * The client that signs calls with a key: of a service account, of Workload Identity Federation
 * (`external_account`, which exchanges the job's own token) or of a user. Without a key, null:
 * Google's library looks for Application Default Credentials by itself.
 */
export function createAuthClient(key: GoogleKey | null): AuthClient | null {
  switch (key?.type) {
    case undefined:
      return null;
    case 'service_account':
      return new JWT({
        email: String(key.client_email),
        key: String(key.private_key),
        scopes: SCOPES,
      });
    case 'external_account':
      return externalAccount(key);
    case 'authorized_user':
      return userAccount(key);
    default:
      throw new TypeError(`Google credentials of type "${key?.type}" are not supported`);
  }
}

/** Exchanges an identity provider's token, from a file or an address, for one of Google's. */
function externalAccount(key: GoogleKey): AuthClient {
  return new IdentityPoolClient({ ...key, scopes: SCOPES } as unknown as IdentityPoolClientOptions);
}

function userAccount(key: GoogleKey): AuthClient {
  return new UserRefreshClient({
    clientId: String(key.client_id),
    clientSecret: String(key.client_secret),
    refreshToken: String(key.refresh_token),
  });
}

/** For an emulator: it checks no token, but the client always sends one. */
export function createEmulatorAuth(): AuthClient {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: 'emulator', expiry_date: Number.MAX_SAFE_INTEGER });
  return client;
}
