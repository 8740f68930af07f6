/** A document that was asked for and is not there. */
export class MissingError extends Error {}

/** @throws MissingError if there is no such document */
export async function fetchJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (response.ok) return (await response.json()) as T;
  const text = `${url} answered ${response.status}`;
  throw response.status === 404 ? new MissingError(text) : new Error(text);
}
