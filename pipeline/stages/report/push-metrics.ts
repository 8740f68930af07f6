import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECOND_MS } from '../../domain/time.ts';
import type { Context } from '../../runtime/context.ts';
import { METRICS_PATH } from './metrics.ts';

const TIMEOUT_MS = 10 * SECOND_MS;

/** Characters of an answer that a message shows. */
const MOST_SHOWN = 200;

/** https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md */
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/**
 * Sends the published metrics to a push gateway, if `METRICS_PUSH_URL` names one. They replace those
 * of the run before. A gateway that does not take them fails nothing.
 */
export async function pushMetrics({ environment, options, log }: Context): Promise<void> {
  const { metricsPushUrl } = environment;
  if (metricsPushUrl === null) return;
  try {
    const text = readFileSync(join(options.out, 'api', 'v1', METRICS_PATH), 'utf8');
    await push(metricsPushUrl, toOpenMetrics(text));
    log.info({}, 'metrics pushed');
  } catch (err) {
    log.warn({ err }, 'the metrics could not be pushed');
  }
}

/** Of gauges alone, the two formats differ in the empty lines and the end. */
export function toOpenMetrics(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '');
  return `${[...lines, '# EOF'].join('\n')}\n`;
}

/** The address of a group of metrics; that of the gateway alone gets the default one. */
export function groupAddress(url: string): { address: string; authorization: string | null } {
  const parsed = new URL(url);
  const { username, password } = parsed;
  const pair = [username, password].map(decodeURIComponent).join(':');
  parsed.username = '';
  parsed.password = '';
  if (parsed.pathname === '/') parsed.pathname = '/metrics/job/leaderboard';
  const isGiven = username !== '' || password !== '';
  return {
    address: parsed.href,
    authorization: isGiven ? `Basic ${Buffer.from(pair).toString('base64')}` : null,
  };
}

async function push(url: string, body: string): Promise<void> {
  const { address, authorization } = groupAddress(url);
  const answer = await fetch(address, {
    method: 'PUT',
    headers: { 'content-type': OPEN_METRICS, ...(authorization && { authorization }) },
    body,
    // A redirect could lead the password elsewhere.
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const start = await readStart(answer);
  if (!answer.ok) throw new Error(`the push gateway answered ${answer.status}: ${start}`);
}

/** The start of an answer, however long it is. */
async function readStart({ body }: Response): Promise<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  const { value = '' } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return value.slice(0, MOST_SHOWN);
}
