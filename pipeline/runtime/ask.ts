import { createInterface } from 'node:readline/promises';

/** Asks a person, and returns the answer; null if there is no terminal to ask on. */
export async function ask(question: string): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(question);
  terminal.close();
  return answer.trim();
}
