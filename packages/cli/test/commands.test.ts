import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { raft } from '@quorate/raft';
import { runFileOf, swarmOptions } from '@quorate/simulator';
import { describe, expect, it } from 'vitest';
import { emptyFolder, FIXTURES, quorate } from './helpers.ts';

describe('quorate simulate', () => {
  const line = 'simulate raft --nodes 5 --seed 7 --faults swarm --duration 10s';

  it('prints one JSON document with the fixed fields, and the same hash each time', async () => {
    const first = await quorate([...line.split(' '), '--json']);
    expect(first).toMatchObject({ code: 0, err: '' });
    const document = JSON.parse(first.out);
    expect(Object.keys(document)).toEqual([
      'protocol',
      'nodes',
      'seed',
      'traceHash',
      'virtualSeconds',
      'wallSeconds',
      'delivered',
      'deliveredPerSecond',
      'decided',
      'verdicts',
    ]);
    expect(document).toMatchObject({ protocol: 'raft', nodes: 5, seed: 7 });
    expect(document.traceHash).toMatch(/^[0-9a-f]{16}$/);
    for (const verdict of document.verdicts) {
      expect(Object.keys(verdict)).toEqual(['check', 'verdict', 'detail']);
      expect(['ok', 'violated', 'expected', 'unknown']).toContain(verdict.verdict);
    }
    const again = JSON.parse((await quorate([...line.split(' '), '--json'])).out);
    expect(again.traceHash).toBe(document.traceHash);
    expect(again.verdicts).toEqual(document.verdicts);
  });

  it('prints a summary for people, with the line that runs it again', async () => {
    const { code, out, err } = await quorate(line.split(' '));
    expect(out).toContain('agreement');
    expect(out).toContain('again: quorate simulate raft --nodes 5 --seed 7 --duration 10s --faults swarm');
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('writes the trace, one JSON object a line, and the hash is the same as without', async () => {
    const cwd = emptyFolder();
    const argv = ['simulate', 'two-phase-commit', '--duration', '1s', '--nodes', '3', '--json'];
    const { out } = await quorate([...argv, '--trace', 'traces/run.ndjson'], { cwd });
    const lines = readFileSync(join(cwd, 'traces/run.ndjson'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(100);
    expect(JSON.parse(lines[0]!)).toHaveProperty('kind');
    expect(JSON.parse(out).traceHash).toBe(JSON.parse((await quorate(argv)).out).traceHash);
  });

  it('carries out a plan from a file', async () => {
    const cwd = emptyFolder();
    const plan = { version: 1, events: [{ at: 500, for: 200, kind: 'pause', node: 'leader' }] };
    writeFileSync(join(cwd, 'plan.json'), JSON.stringify(plan));
    const { code, out } = await quorate(['simulate', 'raft', '--duration', '2s', '--faults', 'plan.json'], {
      cwd,
    });
    expect(out).toContain('faults that took effect: pause 1');
    expect(code).toBe(0);
  });

  it('runs a protocol from a file outside the repository', async () => {
    const { code, out, err } = await quorate(
      ['simulate', './primary.js', '--nodes', '3', '--duration', '2s', '--json'],
      { cwd: FIXTURES },
    );
    expect(err).toBe('');
    const document = JSON.parse(out);
    expect(document).toMatchObject({ protocol: 'primary', nodes: 3 });
    expect(document.decided).toBeGreaterThan(20);
    expect(document.verdicts.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['ok', 'ok', 'ok']);
    expect(code).toBe(0);
  });

  it.each([
    ['./absent.js', 'there is no such file'],
    ['./no-protocol.js', 'exports no protocol; needed: a default export, or one named "protocol"'],
    ['./half.js', 'its protocol export is no protocol: "source" is missing'],
  ])('says what is wrong with %s', async (file, says) => {
    const { code, out, err } = await quorate(['simulate', file], { cwd: FIXTURES });
    expect(err).toContain(`quorate: ${file}: `);
    expect(err).toContain(says);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it.each([
    ["name: '../up'", '"name" is "../up"; allowed: letters'],
    ['initial: undefined', '"initial" is missing'],
    ['assumes: null', '"assumes" is not an object'],
    ["guarantees: [{ check: 'agreement', source: 'x' }]", '"guarantees[0].exceptUnder" is not an array'],
    ['invariants: [1]', '"invariants[0]" is 1, not an object'],
    ["invariants: [{ name: 'x', source: 'x' }]", '"invariants[0].monitor" is not a function'],
    ['knobs: { window: null }', '"knobs.window" is null, not an object'],
    [
      "knobs: { window: { default: '5', unit: 'ms', draw: [], about: '' } }",
      '"knobs.window.default" is not a number',
    ],
  ])('says what is wrong with a protocol that has %s', async (field, says) => {
    const cwd = emptyFolder();
    const primary = pathToFileURL(join(FIXTURES, 'primary.js')).href;
    writeFileSync(
      join(cwd, 'wrong.mjs'),
      `import * as primary from '${primary}';\nexport default { ...(primary.default ?? primary.protocol), ${field} };\n`,
    );
    const { code, out, err } = await quorate(['simulate', './wrong.mjs'], { cwd });
    expect(err).toBe(
      `quorate: ./wrong.mjs: its default export is no protocol: ${says}${err.slice(err.indexOf(says) + says.length)}`,
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('says where a file is no ES module', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'broken.js'), 'export default {');
    const { code, out, err } = await quorate(['simulate', './broken.js'], { cwd });
    expect(err).toMatch(/^quorate: \.\/broken\.js: cannot be loaded as an ES module: .+\n$/);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('ends with 1 where a promise is broken', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'stuck.js'), promising('progress'));
    const crash = { at: 300, for: 100, kind: 'crash', node: 1, lostWrites: true, tornWrites: false };
    writeFileSync(join(cwd, 'plan.json'), JSON.stringify({ version: 1, events: [crash] }));
    const argv = [
      'simulate',
      './stuck.js',
      '--nodes',
      '3',
      '--duration',
      '1s',
      '--faults',
      'plan.json',
      '--json',
    ];
    const { code, out } = await quorate(argv, { cwd });
    expect(verdictsOf(out)).toMatchObject({ agreement: 'ok', progress: 'violated' });
    expect(code).toBe(1);
  });

  it('ends with 0 where only what was never promised is broken', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'modest.js'), promising('agreement'));
    const crash = { at: 300, for: 100, kind: 'crash', node: 1, lostWrites: true, tornWrites: false };
    writeFileSync(join(cwd, 'plan.json'), JSON.stringify({ version: 1, events: [crash] }));
    const argv = [
      'simulate',
      './modest.js',
      '--nodes',
      '3',
      '--duration',
      '1s',
      '--faults',
      'plan.json',
      '--json',
    ];
    const { code, out } = await quorate(argv, { cwd });
    expect(verdictsOf(out)).toMatchObject({ agreement: 'ok', progress: 'expected' });
    expect(code).toBe(0);
  });
});

/** The primary of the fixture, which never answers again after its crash, with one promise. */
function promising(check: string): string {
  const source = readFileSync(join(FIXTURES, 'primary.js'), 'utf8');
  return source
    .replace("check: 'agreement', exceptUnder: ['crash']", `check: '${check}', exceptUnder: []`)
    .replace('  start() {', '  start() {\n    this.stuck = this.log.last > 0;')
    .replace('  onRequest(request) {', '  onRequest(request) {\n    if (this.stuck) return;');
}

function verdictsOf(out: string): Record<string, string> {
  const { verdicts } = JSON.parse(out) as { verdicts: { check: string; verdict: string }[] };
  return Object.fromEntries(verdicts.map(({ check, verdict }) => [check, verdict]));
}

describe('quorate replay', () => {
  it('runs a shrunk failure again, to the same trace hash', async () => {
    const cwd = emptyFolder();
    const line = ['hunt', './stuck.js', '--seeds', '1..8', '--out', 'found', '--shrink', '--json'];
    writeFileSync(join(cwd, 'stuck.js'), promising('progress'));
    const { code, out } = await quorate(line, { cwd });
    expect(code).toBe(1);
    const [{ shrunk }] = JSON.parse(out).protocols;
    expect(shrunk.length).toBeGreaterThan(0);
    for (const { faults, nodes, reproduce } of shrunk) {
      expect(faults).toBeLessThanOrEqual(1);
      expect(nodes).toBe(2);
      const again = await quorate(reproduce.split(' ').slice(1), { cwd });
      expect(again.code).toBe(1);
      expect(again.out).toContain('the same as when it was found');
    }
  });

  it('runs a failure with the planted bug that it names', async () => {
    const file = fileURLToPath(new URL('../../raft/test/failures/figure-8.json', import.meta.url));
    const { code, out } = await quorate(['replay', file]);
    expect(code).toBe(1);
    expect(out).toContain('with a planted bug: entries of earlier terms are committed by counting');
    expect(out).toContain('committed entry 2 of term 1 by counting');
    expect(out).toContain('trace hash 57e3ca7ed9ea058e, the same as when it was found');
    const cwd = emptyFolder();
    const other = { ...JSON.parse(readFileSync(file, 'utf8')), mutant: 'sleepy' };
    writeFileSync(join(cwd, 'other.json'), JSON.stringify(other));
    const { err } = await quorate(['replay', 'other.json'], { cwd });
    expect(err).toMatch(/failure: "other.json": mutant "sleepy" is unknown; allowed: vote-not-saved, /);
  });

  it('says what is wrong with a file that is no failure', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'plan.json'), '{"version":1,"events":[]}');
    writeFileSync(
      join(cwd, 'odd.json'),
      '{"protocol":"raft","traceHash":"0","options":{"nodes":3,"seed":1,"milliseconds":9,"workload":{},"faults":{"version":2}}}',
    );
    const told = async (file: string) => (await quorate(['replay', file], { cwd })).err;
    expect(await told('plan.json')).toBe(
      'quorate: failure: "plan.json": protocol: nothing is not allowed; allowed: a text; needed: a run that quorate hunt or the page of quorate play wrote\n',
    );
    expect(await told('odd.json')).toContain('failure: "odd.json": options.faults: version: 2 is not 1');
    expect(await told('none.json')).toContain('failure: "none.json" cannot be read');
    const good = runFileOf(swarmOptions(raft, 1, 500), '0000000000000000');
    const edited = async (change: object) => {
      writeFileSync(join(cwd, 'edited.json'), JSON.stringify({ ...good, ...change }));
      return told('edited.json');
    };
    expect(await edited({})).toBe('');
    expect(await edited({ version: 2 })).toContain('version: 2 is not allowed; allowed: 1');
    expect(await edited({ traceHash: 7 })).toContain('traceHash: 7 is not allowed');
    expect(await edited({ options: { ...good.options, nods: 3 } })).toContain('options.nods: is unknown');
    expect(await edited({ options: { ...good.options, nodes: undefined } })).toContain(
      'options.nodes: nothing',
    );
    expect(await edited({ options: { ...good.options, knobs: { speed: 1 } } })).toContain(
      'cannot be run: raft has no knob "speed"',
    );
    const { keys: _, ...workload } = good.options.workload;
    expect(await edited({ options: { ...good.options, workload } })).toContain(
      'options.workload.keys: nothing',
    );
  });
});

describe('quorate hunt', () => {
  it('tells what was tried and how often each class of faults took effect', async () => {
    const { code, out, err } = await quorate(['hunt', 'raft', '--seeds', '1..2', '--json']);
    expect(err).toBe('');
    const [found] = JSON.parse(out).protocols;
    expect(found).toMatchObject({ protocol: 'raft', seeds: 2, failures: [], unknownSeeds: [] });
    expect(found.virtualSeconds).toBeGreaterThanOrEqual(120);
    expect(found.operations.ok).toBeGreaterThan(400);
    expect(found.verdicts).toMatchObject({ violated: 0, unknown: 0 });
    expect(code).toBe(0);
  });

  it('writes down what failed, with everything needed to run it again', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'stuck.js'), promising('progress'));
    const { code, out } = await quorate(['hunt', './stuck.js', '--seeds', '1..8', '--out', 'found'], { cwd });
    const [, line] = /again: (.+)/.exec(out)!;
    expect(line).toMatch(/^quorate simulate \.\/stuck\.js --seed \d+ --faults swarm$/);
    const [, path] = /configuration: (.+)/.exec(out)!;
    const failure = JSON.parse(readFileSync(join(cwd, path!), 'utf8'));
    expect(failure).toMatchObject({ version: 1, protocol: './stuck.js' });
    expect(failure.options.faults.events.length).toBe(failure.faults);
    const again = await quorate([...line!.split(' ').slice(1), '--json'], { cwd });
    expect(JSON.parse(again.out)).toMatchObject({ traceHash: failure.traceHash, nodes: failure.nodes });
    expect({ code, again: again.code }).toEqual({ code: 1, again: 1 });
  });
});

describe('a hunt that is run again', () => {
  const state = (cwd: string) => JSON.parse(readFileSync(join(cwd, 'found/hunt.json'), 'utf8'));
  const line = ['hunt', 'raft', '--time', '300ms', '--out', 'found', '--json'];

  it('goes on where it was, and sums up; it is stopped by Ctrl-C without losing what was done', async () => {
    const cwd = emptyFolder();
    const [first] = JSON.parse((await quorate(line, { cwd })).out).protocols;
    expect(first.run).toMatchObject({ from: 1, seeds: first.seeds, continued: false });
    expect(first.nextSeed).toBe(1 + first.seeds);
    const [second] = JSON.parse((await quorate(line, { cwd })).out).protocols;
    expect(second.run).toMatchObject({ from: first.nextSeed, continued: true });
    expect(second.seeds).toBe(first.seeds + second.run.seeds);
    expect(second.run.seeds).toBeGreaterThan(0);
    expect(second.decided).toBeGreaterThan(first.decided);
    const drawn = (one: { drawn: { nodes: Record<string, number> } }) =>
      Object.values(one.drawn.nodes).reduce((sum, count) => sum + count, 0);
    expect([drawn(first), drawn(second)]).toEqual([first.seeds, second.seeds]);
    const stopped = new AbortController();
    stopped.abort();
    expect((await quorate(line, { cwd, signal: stopped.signal })).code).toBe(130);
    expect(state(cwd).protocols.raft).toMatchObject({ next: second.nextSeed });
    const { out } = await quorate(line.slice(0, -1), { cwd });
    expect(out).toContain(
      `raft: went on from seed ${second.nextSeed} (as found/hunt.json says; delete it to start over)`,
    );
    expect(readFileSync(join(cwd, 'found/hunt.md'), 'utf8')).toContain('No promise was broken.');
  });

  it('starts over where the protocol behaves otherwise, and refuses a file that it did not write', async () => {
    const cwd = emptyFolder();
    await quorate(line, { cwd });
    const kept = state(cwd);
    kept.protocols.raft.fingerprint = 'another';
    writeFileSync(join(cwd, 'found/hunt.json'), JSON.stringify(kept));
    const { out, err } = await quorate(line, { cwd });
    expect(err).toContain('raft behaves otherwise than when hunt.json was written: it starts over at seed 1');
    expect(JSON.parse(out).protocols[0].run.from).toBe(1);
    for (const [text, wrong] of [
      ['{"version":3}', 'version 3 is not 1'],
      ['{"version":1,"protocols":{"raft":{}}}', 'protocols.raft lacks fields'],
      ['{', 'is no JSON'],
    ] as const) {
      writeFileSync(join(cwd, 'found/hunt.json'), text);
      const refused = await quorate(line, { cwd });
      expect(refused.code).toBe(2);
      expect(refused.err).toContain(wrong);
    }
  });

  it('groups what fails in the same way, and tells each group as a bug report', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'stuck.js'), promising('progress'));
    const argv = ['hunt', './stuck.js', '--seeds', '1..6', '--out', 'found', '--json', '--shrink'];
    const [{ groups, failures, shrunk }] = JSON.parse((await quorate(argv, { cwd })).out).protocols;
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({
      check: 'progress',
      count: failures.length,
      firstSeed: failures[0].seed,
    });
    expect(groups[0].class).toMatch(
      /^progress: the cluster, all faults healed, did not answer requests at node #/,
    );
    const report = readFileSync(join(cwd, 'found/hunt-1..6.md'), 'utf8');
    for (const part of [
      '**What broke.** progress violated',
      '**The rule.**',
      '**Faults**',
      shrunk[0].reproduce,
    ])
      expect(report).toContain(part);
    const told = (await quorate(shrunk[0].reproduce.split(' ').slice(1), { cwd })).out;
    expect(told).toContain('what happened last:');
    expect(told).toMatch(/ms: fault begins: |node \d crashes/);
    expect(told).toContain('nodes at the end:\n  node 1: ');
  });
});

describe('quorate compare', () => {
  it('writes numbers, CSV and a page, and prints a table', async () => {
    const cwd = emptyFolder();
    const argv = [
      'compare',
      '--mode',
      'sim',
      '--scenario',
      'cost',
      '--nodes',
      '3',
      '--out',
      'here',
      '--json-file',
      'also/results.json',
    ];
    const { code, out, err } = await quorate(argv, { cwd });
    expect(err).toBe('');
    expect(out).toContain('4 = theory');
    expect(out).toContain(`report: ${join(cwd, 'here/report.html')}`);
    const text = readFileSync(join(cwd, 'here/results.json'), 'utf8');
    expect(readFileSync(join(cwd, 'also/results.json'), 'utf8')).toBe(text);
    const results = JSON.parse(text);
    expect(results).toMatchObject({
      version: 1,
      command: 'quorate compare --scenario cost --mode sim --nodes 3',
    });
    expect(results.experiments[1]).toMatchObject({
      scenario: 'cost',
      protocol: 'raft',
      mode: 'sim',
      nodes: 3,
      clients: 1,
      metrics: {
        messagesPerDecision: 4,
        delaysPerDecision: 2,
        expected: { messagesPerDecision: 4, delaysPerDecision: 2 },
      },
    });
    expect(readFileSync(join(cwd, 'here/results.csv'), 'utf8')).toContain(
      'cost,raft,sim,3,1,messagesPerDecision,4',
    );
    expect(readFileSync(join(cwd, 'here/report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
    expect(code).toBe(0);

    const page = await quorate(['report', 'here/results.json', '--out', 'pages/page.html'], { cwd });
    expect(page).toMatchObject({ code: 0, err: '' });
    expect(existsSync(join(cwd, 'pages/page.html'))).toBe(true);
  });

  it('holds later result files against the first, by the names that tell them apart', async () => {
    const cwd = emptyFolder();
    const run = (values: number, out: string) =>
      quorate(
        `compare raft --scenario wan --mode sim --seeds 6 --nodes 3 --quick --value-bytes ${values} --out ${out}`.split(
          ' ',
        ),
        { cwd },
      );
    await run(16, 'before');
    await run(16, 'after');
    await run(17, 'other');
    const files = ['before', 'after', 'other'].map((name) => `${name}/results.json`);
    const { code, err } = await quorate(['report', ...files, '--out', 'page.html'], { cwd });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const html = readFileSync(join(cwd, 'page.html'), 'utf8').replace(/<[^>]*>/g, ' ');
    expect(html).toContain('after/results.json, against before/results.json');
    expect(html).toContain('0 better · 0 worse · 0 without significant difference · 2 the very same');
    expect(html).toContain('Raft, Five regions, simulated: run with other settings');
  });

  it('takes lists in words and commas', async () => {
    const cwd = emptyFolder();
    const argv =
      'compare raft --mode sim --scenario steady --seeds 1 --clients 1 2,3 --rate 500,1000 --out here';
    const { code } = await quorate(argv.split(' '), { cwd });
    const { experiments } = JSON.parse(readFileSync(join(cwd, 'here/results.json'), 'utf8'));
    expect(experiments.map(({ clients }: { clients: number }) => clients)).toEqual([0, 1, 2, 3]);
    const curve = experiments[0].curve.map((point: { offeredPerSecond: number }) => point.offeredPerSecond);
    expect(curve).toEqual([500, 1000]);
    const { operationsPerSecond, p50Microseconds, p99Microseconds } = experiments[0].metrics;
    for (const metric of [operationsPerSecond, p50Microseconds, p99Microseconds]) {
      expect(Object.keys(metric)).toEqual(['value', 'low', 'high']);
    }
    expect(code).toBe(0);
  });

  it('keeps what was finished when it is interrupted', async () => {
    const cwd = emptyFolder();
    const { code, err } = await quorate(['compare', '--mode', 'sim', '--scenario', 'cost', '--out', 'here'], {
      cwd,
      signal: AbortSignal.abort(),
    });
    expect(err).toContain('interrupted');
    expect(JSON.parse(readFileSync(join(cwd, 'here/results.json'), 'utf8')).experiments).toEqual([]);
    expect(existsSync(join(cwd, 'here/report.html'))).toBe(true);
    expect(code).toBe(130);
  });
});

describe('quorate list', () => {
  it.each([
    ['protocols', 'raft'],
    ['scenarios', 'leader-crash'],
    ['faults', 'partition'],
    ['workloads', 'mixed'],
    ['checkers', 'linearizable'],
  ])('%s', async (subject, has) => {
    const { code, out } = await quorate(['list', subject]);
    expect(out).toContain(`${has} `);
    expect(code).toBe(0);
    const items = JSON.parse((await quorate(['list', subject, '--json'])).out) as {
      name: string;
      about: string;
    }[];
    expect(items.map(({ name }) => name)).toContain(has);
    for (const { about } of items) expect(about).toMatch(/\w/);
  });
});
