import type { BigQuery } from '@google-cloud/bigquery';
import { BigQueryFailure } from './errors.ts';

/**
 * The client itself trips over an answer to `jobs.insert` that has no status: its promise stays
 * pending, and the error ends the process. So such an answer is made an error here.
 */
export function refuseEmptyAnswers(client: BigQuery): void {
  const send = client.request.bind(client) as Send;
  const checked: Send = (options, callback) => {
    if (!callback || options.uri !== '/jobs') return send(options, callback);
    return send(options, (error, answer, response) => {
      const isWhole = Boolean(error) || answer?.status !== undefined;
      callback(isWhole ? error : emptyAnswer(), answer, response);
    });
  };
  client.request = checked as BigQuery['request'];
}

type Send = (options: { readonly uri: string }, callback?: OnAnswer) => unknown;
type OnAnswer = (error: Error | null, answer: JobAnswer, response: unknown) => void;
type JobAnswer = { readonly status?: unknown } | undefined;

function emptyAnswer(): BigQueryFailure {
  return new BigQueryFailure('backend', null, 'BigQuery answered without saying what became of it');
}
