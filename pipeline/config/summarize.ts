import type { Config } from './schema.ts';

/** `1 repository`, `2 repositories`. */
function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** What a valid configuration holds, in one line: enough to see that the right files were read. */
export function summarizeConfig({ repositories, pipeline, people }: Config): string {
  const parts = [
    count(repositories.length, 'repository', 'repositories'),
    `${pipeline.sources.length === 1 ? 'source' : 'sources'} ${pipeline.sources.join(', ')}`,
    count(people.opt_out.length, 'opt-out', 'opt-outs'),
    count(people.aliases.length, 'alias', 'aliases'),
  ];
  return `config is valid: ${parts.join(', ')}`;
}
