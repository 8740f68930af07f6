import { shorten } from '../views/api-document.ts';
import { fetchJson } from './fetch-json.ts';

/** On the page about the API: fetches a document when its button is pressed, and shows what is in it. */

/** Characters of an answer that are shown. */
const SHOWN = 3_000;

for (const box of document.querySelectorAll<HTMLElement>('[data-try]')) {
  const [button, answer] = [box.querySelector('button'), box.querySelector('pre')];
  button?.addEventListener('click', async () => {
    if (!answer) return;
    button.disabled = true;
    answer.textContent = await readAnswer(box.dataset.try ?? '');
    answer.hidden = false;
    button.disabled = false;
  });
}

async function readAnswer(address: string): Promise<string> {
  try {
    const text = JSON.stringify(shorten(await fetchJson(address)), null, 2);
    return text.length > SHOWN ? `${text.slice(0, SHOWN)}\n…` : text;
  } catch {
    return 'There was no answer: try again, or open the address.';
  }
}
