/**
 * The page's script, made at run time from this package's own page code. For Node only; everything else of this package
 * runs anywhere.
 * @packageDocumentation
 */
// biome-ignore lint/correctness/noNodejsModules: this entry is for Node alone
import { createHash } from 'node:crypto';
// biome-ignore lint/correctness/noNodejsModules: this entry is for Node alone
import { dirname } from 'node:path';
// biome-ignore lint/correctness/noNodejsModules: this entry is for Node alone
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export { packTrace } from './pack.ts';

/** A protocol for the page: where to import it from, and its lessons. */
export interface PageProtocol {
  /** A package's name, or the path of an ES module. */
  readonly module: string;
  readonly exportName: string;
  /** The module that exports `teaching`, where there is one. */
  readonly lessons?: string;
  /** The module that exports `mutants`, where there is one: the page offers to run with a planted bug. */
  readonly mutants?: string;
}

/** What a page is to run, and from which folder its modules are resolved. */
export interface PageContent {
  readonly protocols: readonly PageProtocol[];
  readonly folder: string;
}

/** A page's script, its hash for the page's policy, and the views that it has besides the results. */
export interface BundledPage {
  readonly script: string;
  readonly scriptHash: string;
  readonly views: readonly ('see' | 'run' | 'learn')[];
}

/**
 * Bundles the page's script, with chart.js, Preact, the simulator and the given protocols inside. Takes a fraction of a second; the result
 * may be used for any number of pages.
 * @param content the protocols that the page can run; without them it shows results only
 * @throws Error (esbuild's `BuildFailure`) where the page code, its libraries or a protocol's module cannot be found
 */
export async function bundlePage(content?: PageContent): Promise<BundledPage> {
  const fromSource = import.meta.url.endsWith('.ts');
  const start = fileURLToPath(new URL(`../page/start.${fromSource ? 'tsx' : 'js'}`, import.meta.url));
  const protocols = content?.protocols ?? [];
  const result = await build({
    stdin: {
      contents: entryOf(start, protocols),
      resolveDir: content?.folder ?? dirname(start),
      loader: 'js',
    },
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    conditions: fromSource ? ['@quorate/source'] : [],
  });
  const script = result.outputFiles[0]!.text.replaceAll('</script', '<\\/script').replaceAll(
    '<!--',
    '<\\!--',
  );
  const hash = createHash('sha256').update(script, 'utf8').digest('base64');
  const views = protocols.length === 0 ? [] : (['see', 'run', 'learn'] as const);
  return { script, scriptHash: `sha256-${hash}`, views };
}

/** The script's beginning: imports what the page is to run, and starts it. */
function entryOf(start: string, protocols: readonly PageProtocol[]): string {
  const lines = [`import { start } from ${JSON.stringify(start)};`];
  const stocked = protocols.map(({ module, exportName, lessons, mutants }, i) => {
    const take = (name: string, exported: string, from: string | undefined): string => {
      if (from === undefined) return '';
      lines.push(`import { ${exported} as ${name}${i} } from ${JSON.stringify(from)};`);
      return `${name}: ${name}${i}, `;
    };
    return `{ ${take('protocol', exportName, module)}${take('teaching', 'teaching', lessons)}${take('mutants', 'mutants', mutants)}}`;
  });
  return `${lines.join('\n')}\nstart([${stocked.join(', ')}]);\n`;
}
