import http from 'node:http';
import https from 'node:https';

/**
 * Loaded before a command: what it asks of a host on the internet is asked of a server on this
 * machine, by the table in `LOCAL_HOSTS`. A host that is not in it does not answer.
 */

const hosts: Record<string, string> = JSON.parse(process.env.LOCAL_HOSTS ?? '{}');

function localAddress(address: string): string {
  const url = new URL(address);
  if (url.hostname === '127.0.0.1') return address;
  const local = hosts[url.origin];
  if (local === undefined) throw new Error(`${url.origin} is not on this machine`);
  return `${local}${url.pathname}${url.search}`;
}

const { fetch } = globalThis;
globalThis.fetch = async (input, init) => {
  const isRequest = input instanceof Request;
  const address = isRequest ? input.url : String(input);
  const local = localAddress(address);
  const response = await fetch(isRequest ? new Request(local, input) : local, init);
  return local === address ? response : Object.defineProperty(response, 'url', { value: address });
};

// Google's library has a `fetch` of its own, which calls this.
https.request = ((address: string, options: https.RequestOptions) =>
  http.request(localAddress(address), {
    ...options,
    agent: http.globalAgent,
  })) as typeof https.request;
