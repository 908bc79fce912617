import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { raft } from '@quorate/raft';
import type { PackedTrace } from '@quorate/report';
import { optionsOf, readRunFile, simulate } from '@quorate/simulator';
import { formatTrace, fromColumns } from '@quorate/trace';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, quorate } from './helpers.ts';

const cwd = emptyFolder();
const file = (name: string) => join(cwd, name);
const write = (name: string, text: string) => writeFileSync(file(name), text);
const RESULTS = JSON.stringify(
  {
    version: 1,
    createdAt: '2024-01-01T00:00:00Z',
    quorateVersion: '0.1.0',
    command: 'quorate compare',
    machine: { cpu: 'x', cores: 1, memoryGiB: 1, os: 'x', node: 'x', syncMicroseconds: null },
    protocols: [],
    experiments: [],
    comparisons: [],
  },
  null,
  2,
);

/** What a page holds besides its script. */
interface Held {
  readonly runs: readonly unknown[];
  readonly views: readonly string[];
  readonly traces?: readonly PackedTrace[];
}

function heldBy(name: string): Held {
  const [, json] = /<script type="application\/json" id="results">(.*)<\/script>/.exec(
    readFileSync(file(name), 'utf8'),
  )!;
  return JSON.parse(json!) as Held;
}

beforeAll(async () => {
  const line = 'simulate raft --nodes 3 --seed 7 --duration 500ms --clients 2 --trace raft.ndjson';
  expect(await quorate(line.split(' '), { cwd })).toMatchObject({ code: 0, err: '' });
  const trace = readFileSync(file('raft.ndjson'), 'utf8');
  mkdirSync(file('other'));
  write('other/raft.ndjson', trace.replaceAll('"raft"', '"bully"').replace('"Raft"', '"Bully"'));
  write('half.ndjson', trace.slice(0, trace.length / 2));
  write('short.ndjson', trace.split('\n').slice(0, 40).join('\n'));
  write('headless.ndjson', trace.split('\n').slice(1).join('\n'));
  write(
    'odd.ndjson',
    `{"time":1,"kind":"sync","node":1,"sequence":1}\n{"time":2,"kind":"gossip","node":1}\n`,
  );
  write('later.ndjson', trace.replace('"version":1', '"version":2'));
  write('bad.ndjson', '{"time":1,"kind":"decide","node":1,"slot":"one","outcome":0}\n');
  write('results.json', RESULTS);
  write('half.json', RESULTS.slice(0, 120));
  write('empty', ' \n');
  write('history.ndjson', '{"process":1,"key":"x","input":{"kind":"get"},"start":0,"end":1,"value":null}\n');
  write('run.json', JSON.stringify({ protocol: 'raft', traceHash: '0', options: {} }));
  write('plan.json', '{ "version": 1, "events": [] }');
});

it('simulate writes what runs the trace again: to the same hash, and the very same events', () => {
  const [header, ...events] = readFileSync(file('raft.ndjson'), 'utf8').trimEnd().split('\n');
  const run = readRunFile(JSON.parse(header!));
  const { traceHash, simulation } = simulate({ ...optionsOf(run, raft), trace: 'full' });
  expect(traceHash).toBe(run.traceHash);
  const states = events.filter((line) => line.includes('"kind":"state"'));
  expect([...formatTrace(simulation.trace)]).toEqual(events.filter((line) => !states.includes(line)));
  expect(JSON.parse(header!)).toMatchObject({ title: 'Raft', nodes: 3, lines: events.length });
  const { details } = JSON.parse(states.at(-1)!) as { details: Record<string, unknown> };
  expect(details.commitIndex).toBeGreaterThan(0);
});

describe('report', () => {
  it('puts traces beside results, told apart by content, by the names that tell them apart', async () => {
    const files = ['raft.ndjson', 'results.json', 'other/raft.ndjson'];
    const outcome = await quorate(['report', ...files, '--out', 'page.html'], { cwd });
    expect(outcome).toMatchObject({ code: 0, err: '' });
    const { runs, views, traces } = heldBy('page.html');
    expect(runs).toHaveLength(1);
    expect(views).toEqual(['read', 'see', 'run', 'learn']);
    expect(traces!.map(({ label }) => label)).toEqual(['./raft.ndjson', 'other/raft.ndjson']);
    expect(traces!.map(({ header }) => header.protocol)).toEqual(['raft', 'bully']);
    const { header, packed } = traces![1]!;
    const { events, states } = JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString());
    const { kind: _, version: __, lines: ___, ...about } = header;
    const written = [...formatTrace(fromColumns(events), about, states)].map((line) => JSON.parse(line));
    const lines = readFileSync(file('other/raft.ndjson'), 'utf8').trimEnd().split('\n');
    expect(written).toEqual(lines.map((line) => JSON.parse(line)));
  });

  it('makes a page of traces alone, also of events without a first line', async () => {
    const { code, err } = await quorate(['report', 'headless.ndjson', '--out', 'seen.html'], { cwd });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { runs, views, traces } = heldBy('seen.html');
    expect(runs).toEqual([]);
    expect(views[0]).toBe('see');
    expect(traces).toMatchObject([{ label: 'headless.ndjson', header: { kind: 'trace' }, nodes: 3 }]);
  });

  it('says which kinds of events it left out', async () => {
    const { code, err } = await quorate(['report', 'odd.ndjson', '--out', 'odd.html'], { cwd });
    expect(code).toBe(0);
    expect(err).toContain('"odd.ndjson": 1 event of the kind "gossip"');
  });

  it.each([
    ['half.ndjson', 'is no whole trace: line'],
    ['short.ndjson', 'is no whole trace: 39 lines follow the first, which announces'],
    ['later.ndjson', 'is no whole trace: line 1: version: 2 is not allowed; allowed: 1'],
    ['bad.ndjson', 'is no whole trace: line 1: slot: "one" is not allowed; allowed: a whole number'],
    ['half.json', 'is no JSON, or cut off'],
    ['empty', 'is empty'],
    ['history.ndjson', 'its "version" is missing, not 1; allowed: what quorate compare wrote (results.json)'],
    ['run.json', 'is a run for quorate replay; allowed'],
    ['plan.json', '"machine" is missing'],
    ['page.css', 'cannot be read'],
    ['other', 'cannot be read'],
  ])('refuses %s in one line, also beside good files', async (name, says) => {
    const { code, out, err } = await quorate(['report', 'raft.ndjson', name, '--out', 'never.html'], { cwd });
    expect(err).toContain(`quorate: results: "${name}" `);
    expect(err).toContain(says);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});
