import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type OutputChunk, rolldown } from 'rolldown';

const SCRIPT = /<script type="module" src="([^"]*\/_astro\/)([^"/]+)"><\/script>/g;

/**
 * Puts the scripts of a page into one file. A bundler shares code between pages in files of half a
 * kilobyte: each is a request of its own, and they compress badly (a board's 14 took 15 KB, and take
 * 11 as one). Code that is loaded later stays apart.
 * @param out the folder of the site, with all scripts in `_astro/`
 */
export async function packScripts(out: string): Promise<void> {
  const folder = join(out, '_astro');
  const packs = new Map<string, Pack>();
  for (const path of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.html')) continue;
    const file = join(out, path);
    const html = readFileSync(file, 'utf8');
    const names = [...html.matchAll(SCRIPT)].map(([, , name = '']) => name);
    if (names.length === 0) continue;
    const key = names.join(' ');
    const pack = packs.get(key) ?? (await makePack(folder, names));
    packs.set(key, pack);
    writeFileSync(file, linkOnly(html, pack.entry));
  }
  const all = [...packs.values()];
  for (const name of new Set(all.flatMap(({ replaced }) => replaced))) rmSync(join(folder, name));
  for (const { fileName, code } of all.flatMap(({ chunks }) => chunks))
    writeFileSync(join(folder, fileName), code);
}

interface Pack {
  /** The file that the page loads. */
  readonly entry: string;
  readonly chunks: readonly OutputChunk[];
  /** Files whose code is in it. */
  readonly replaced: readonly string[];
}

async function makePack(folder: string, names: readonly string[]): Promise<Pack> {
  const entry = join(folder, 'entry.js');
  const imports = names.map((name) => `import './${name}';`).join('\n');
  const bundle = await rolldown({
    input: entry,
    cwd: folder,
    checks: { ineffectiveDynamicImport: false },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? imports : null),
      },
    ],
  });
  const { output } = await bundle.generate({
    ...{ entryFileNames: '[hash].js', chunkFileNames: '[hash].js', minify: true },
  });
  await bundle.close();
  const chunks = output.filter((one) => one.type === 'chunk');
  const modules = chunks.flatMap(({ moduleIds }) => moduleIds);
  return {
    entry: chunks.find(({ isEntry }) => isEntry)?.fileName ?? '',
    chunks,
    replaced: modules
      .filter((id) => id !== entry && dirname(id) === folder)
      .map((id) => basename(id)),
  };
}

/** The first script of the page becomes the one file, and the others go. */
function linkOnly(html: string, entry: string): string {
  let isFirst = true;
  return html.replaceAll(SCRIPT, (_, base: string) => {
    const tag = isFirst ? `<script type="module" src="${base}${entry}"></script>` : '';
    isFirst = false;
    return tag;
  });
}
