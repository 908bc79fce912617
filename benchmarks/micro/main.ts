import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs every micro-benchmark, each in a fresh process: the first code that an engine sees of a kind shapes how it compiles the next.
 * Arguments choose some of them: `npm run bench -- codec step`.
 */
const BENCHMARKS: readonly (readonly [file: string, ...args: string[]])[] = [
  ['codec'],
  ['journal'],
  ['event-queue'],
  ['step'],
  ['simulator', 'counted'],
  ['simulator', 'full'],
  ['checkers'],
  ['page'],
];

const wanted = process.argv.slice(2);
const known = new Set(BENCHMARKS.map(([file]) => file));
const unknown = wanted.find((name) => !known.has(name));
if (unknown !== undefined) {
  console.error(`bench: "${unknown}" is unknown; allowed: ${[...known].join(', ')}`);
  process.exit(2);
}
for (const [file, ...args] of BENCHMARKS) {
  if (wanted.length > 0 && !wanted.includes(file)) continue;
  const path = fileURLToPath(new URL(`./${file}.js`, import.meta.url));
  // Room for young objects: what dies soon is then dead before the collector comes. The command's worker threads have as much.
  const { status } = spawnSync(process.execPath, ['--max-semi-space-size=64', path, ...args], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
