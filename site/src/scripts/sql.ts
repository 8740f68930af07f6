import type { SqlAnswer, SqlFiles, SqlRequest, SqlResult } from '../sql/messages.ts';
import { describeResult, resultCsv, resultTable } from '../views/sql-result.ts';

/** On the page for queries: runs what is typed in a worker, and shows what comes of it. */

/** The longest that a query may run. */
const MOST_SECONDS = 20;

class Queries {
  readonly #files: SqlFiles;
  readonly #part: <E extends HTMLElement>(name: string) => E;
  readonly #text: HTMLTextAreaElement;
  #worker: Worker | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #result: SqlResult | undefined;

  constructor(root: HTMLElement) {
    this.#files = JSON.parse(root.dataset.sql ?? '');
    this.#part = (name) => root.querySelector(`[data-part="${name}"]`) as never;
    this.#text = this.#part('query');
    this.#takeFromAddress();
    this.#part('run').addEventListener('click', () => this.run());
    this.#part('stop').addEventListener('click', () => this.#stop('Stopped.'));
    this.#part('copy').addEventListener('click', () => this.#copy());
    this.#part('save').addEventListener('click', () => this.#save());
    this.#text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.run();
    });
    for (const button of document.querySelectorAll<HTMLElement>('[data-use]'))
      button.addEventListener('click', () => this.#use(button.dataset.use ?? ''));
  }

  run(): void {
    const query = this.#text.value;
    if (this.#part('run').hidden) return;
    if (query.trim() === '') {
      this.#say('Type a query first.');
      return;
    }
    history.replaceState(null, '', `#${encodeURIComponent(query)}`);
    this.#setBusy(true);
    this.#worker ??= this.#start();
    const request: SqlRequest = { files: this.#files, query };
    this.#worker.postMessage(request);
  }

  /** A query in the address is shown, and run only when the reader says so. */
  #takeFromAddress(): void {
    if (location.hash.length < 2) return;
    try {
      this.#text.value = decodeURIComponent(location.hash.slice(1));
    } catch {
      // An address that was cut off: the first query stays.
    }
  }

  #use(query: string): void {
    this.#text.value = query;
    this.#text.focus();
    this.#text.scrollIntoView({ block: 'center' });
  }

  #start(): Worker {
    const worker = new Worker(new URL('../sql/worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<SqlAnswer>) => this.#take(data));
    worker.addEventListener('error', () => this.#stop('This browser can’t run it.'));
    return worker;
  }

  #take(answer: SqlAnswer): void {
    if ('step' in answer) {
      if (answer.isRunning) this.#limitTime();
      this.#say(answer.step);
      return;
    }
    this.#setBusy(false);
    if ('result' in answer) this.#show(answer.result);
    else this.#showError(answer.error, answer.at);
  }

  #limitTime(): void {
    this.#timer = setTimeout(
      () => this.#stop(`Stopped after ${MOST_SECONDS} seconds.`),
      MOST_SECONDS * 1_000,
    );
  }

  /** The next query starts anew, with tables that are fetched again. */
  #stop(why: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#setBusy(false);
    this.#say(why);
  }

  #setBusy(isBusy: boolean): void {
    clearTimeout(this.#timer);
    this.#part('run').hidden = isBusy;
    this.#part('stop').hidden = !isBusy;
    if (isBusy) this.#part('answer').hidden = true;
  }

  #say(text: string): void {
    const status = this.#part('status');
    status.classList.remove('wrong');
    status.textContent = text;
  }

  #show(result: SqlResult): void {
    this.#result = result;
    this.#say(describeResult(result));
    this.#part('table').innerHTML = resultTable(result).text;
    this.#part('answer').hidden = false;
  }

  #showError(error: string, at: number | null): void {
    const line = at === null ? null : this.#text.value.slice(0, at).split('\n').length;
    this.#say(line === null ? `${error}.` : `Line ${line}: ${error}.`);
    this.#part('status').classList.add('wrong');
    if (at === null) return;
    this.#text.focus();
    this.#text.setSelectionRange(at, at + 1);
  }

  async #copy(): Promise<void> {
    if (!this.#result) return;
    const isDone = await navigator.clipboard.writeText(resultCsv(this.#result)).then(
      () => true,
      () => false,
    );
    this.#say(isDone ? 'Copied.' : 'It could not be copied: save it.');
  }

  #save(): void {
    if (!this.#result) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([resultCsv(this.#result)], { type: 'text/csv' }));
    link.download = 'query.csv';
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

const root = document.querySelector<HTMLElement>('[data-sql]');
if (root) new Queries(root);
