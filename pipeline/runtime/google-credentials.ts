import { z } from 'zod';
import type { Check } from './variable-checks.ts';

/** The kinds of keys that Google issues; only the service account's own fields are looked at. */
const key = z.union([
  z.looseObject({
    type: z.literal('service_account'),
    client_email: z.string().min(1),
    private_key: z.string().min(1),
  }),
  z.looseObject({ type: z.enum(['external_account', 'authorized_user']) }),
]);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // JSON.parse quotes its input in the error: it must not travel on.
    return undefined;
  }
}

/** The JSON text of a key, as Google's console lets one download it. */
export const parseCredentials: Check<Readonly<Record<string, unknown>>> = (text) => {
  const result = key.safeParse(parseJson(text));
  if (result.success) return { value: result.data };
  const expected = 'expected the JSON text of a service account key (type, client_email';
  return {
    problem: `${expected}, private_key); for a file, set GOOGLE_APPLICATION_CREDENTIALS to its path`,
  };
};
