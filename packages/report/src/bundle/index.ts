/**
 * The page's script, made at run time from this package's own page code. For Node only; everything else of this package
 * runs anywhere.
 * @packageDocumentation
 */
// biome-ignore lint/correctness/noNodejsModules: this entry is for Node alone
import { createHash } from 'node:crypto';
// biome-ignore lint/correctness/noNodejsModules: this entry is for Node alone
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles the page's script, with chart.js and Preact inside, and says its hash for the page's policy. Takes a fraction of
 * a second; the result may be used for any number of reports.
 * @throws Error (esbuild's `BuildFailure`) where the page code or its libraries are missing from the installation.
 */
export async function bundlePage(): Promise<{ script: string; scriptHash: string }> {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = new URL(`../page/main.${fromSource ? 'tsx' : 'js'}`, import.meta.url);
  const result = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    conditions: fromSource ? ['@quorate/source'] : [],
  });
  const script = result.outputFiles[0]!.text;
  const hash = createHash('sha256').update(script, 'utf8').digest('base64');
  return { script, scriptHash: `sha256-${hash}` };
}
