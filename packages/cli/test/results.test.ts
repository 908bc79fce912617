import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Results, ResultsError, readResults } from '@quorate/bench';
import { renderReport } from '@quorate/report';
import { describe, expect, it } from 'vitest';
import { emptyFolder, quorate } from './helpers.ts';

const SAMPLE = readFileSync(new URL('../../../reports/sample/results.json', import.meta.url), 'utf8');
const WRONG = [null, 'x', -1, 1e15, [null], undefined];
const ASSETS = { script: '', hash: '' };

type Path = readonly (string | number)[];

/** The sample with the first row of each scenario and mode only, and of each list two: one of every kind of field. */
function smallSample(): Record<string, unknown> {
  const seen = new Set<string>();
  const results = JSON.parse(SAMPLE) as Results;
  const first = results.experiments.filter(({ scenario, mode }) => {
    const known = seen.has(scenario + mode);
    seen.add(scenario + mode);
    return !known;
  });
  const shortened = { ...results, experiments: first.map((one) => ({ ...one, recorded: undefined })) };
  return JSON.parse(
    JSON.stringify(shortened, (name, value) =>
      Array.isArray(value) && name !== 'experiments' ? value.slice(0, 2) : value,
    ),
  );
}

/** Each field's path, of those that differ in their places in lists only the first. */
function pathsOf(value: unknown): Path[] {
  const found = new Map<string, Path>();
  const walk = (one: unknown, path: Path) => {
    const kind = path.map((part) => (typeof part === 'number' ? '#' : part.replace(/:.*/, ':'))).join('.');
    if (path.length > 0 && !found.has(kind)) found.set(kind, path);
    if (Array.isArray(one)) for (const [i, each] of one.entries()) walk(each, [...path, i]);
    else if (typeof one === 'object' && one !== null)
      for (const [name, each] of Object.entries(one)) walk(each, [...path, name]);
  };
  walk(value, []);
  return [...found.values()];
}

function withValue(document: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone(document);
  let at = copy as Record<string | number, unknown>;
  for (const part of path.slice(0, -1)) at = at[part] as typeof at;
  at[path.at(-1)!] = value;
  return copy;
}

function written(path: Path): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('');
}

describe('results with something wrong in them', () => {
  it('are refused with the path of it, or drawn without a gap', () => {
    const sample = smallSample();
    const paths = pathsOf(sample);
    let refused = 0;
    for (const path of paths) {
      for (const value of WRONG) {
        const results = withValue(sample, path, value);
        try {
          readResults(results);
        } catch (error) {
          expect(error).toBeInstanceOf(ResultsError);
          expect((error as Error).message.startsWith(written(path)), (error as Error).message).toBe(true);
          refused++;
          continue;
        }
        const page = renderReport(results as Results, ASSETS).replace(/<script.*?<\/script>/gs, '');
        expect(page, `${written(path)} := ${JSON.stringify(value)}`).not.toMatch(/NaN|undefined|Infinity/);
      }
    }
    expect(refused).toBeGreaterThan(2 * paths.length);
  });

  it.each([
    ['experiments[0].curve[1].p50Microseconds.low', 'high', 'a number from 0'],
    ['experiments[0].verdicts', undefined, 'a list'],
    ['protocols[0].guarantees[0].exceptUnder', null, 'a list'],
    ['machine', null, 'an object'],
    ['createdAt', 'yesterday', 'a time'],
  ])('quorate report says that %s is wrong', async (path, value, allowed) => {
    const cwd = emptyFolder();
    const parts = path.split(/[.[\]]+/).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const text = JSON.stringify(withValue(JSON.parse(SAMPLE), parts, value));
    writeFileSync(join(cwd, 'results.json'), text);
    const { code, out, err } = await quorate(['report', 'results.json'], { cwd });
    const shown = value === undefined ? 'nothing' : JSON.stringify(value);
    expect(err).toContain(
      `quorate: results: "results.json": ${path}: ${shown} is not allowed; allowed: ${allowed}`,
    );
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  it('as compare writes them are taken as they are', () => {
    const results = JSON.parse(SAMPLE);
    expect(readResults(results)).toBe(results);
  });
});
