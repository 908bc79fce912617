import { runComparison, SCENARIOS } from '@quorate/bench';
import { raft } from '@quorate/raft';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { expect, it } from 'vitest';
import { PEERS } from '../../../benchmarks/peers/index.ts';
import { warningsOf } from '../../bench/src/preflight.ts';
import { CRASH_METHOD } from '../../bench/src/real-crash.ts';
import { steadyMethod } from '../../bench/src/real-runner.ts';
import { textOf } from '../src/text/text.ts';

const REAL_CLOSED = 'With real processes: closed loops, every client with one operation after another.';
/** A machine of which everything is said that can be said. */
const WORRYING = {
  fileSystem: 'ext4',
  inPlaceMicroseconds: { p50: 1, p99: 1_000_000 },
  growingMicroseconds: { p50: 1, p99: 1 },
  busyShare: 0.9,
  stolenShare: 0.9,
  awayShare: 0.9,
};

it('every note, method, event and title that a comparison writes has its Chinese', {
  timeout: 60_000,
}, async () => {
  const results = await runComparison({
    protocols: [raft, twoPhaseCommit].map((protocol) => ({ protocol, module: '', exportName: '' })),
    scenarios: SCENARIOS,
    mode: 'sim',
    settings: { quick: true, seeds: 1, valueBytes: 32, keys: 1000, nodes: 3, rates: [1000] },
    quorateVersion: '0.0.0',
    command: 'quorate compare',
    threads: 0,
  });
  const chinese = textOf('zh');
  const rows = results.experiments;
  const pace = { warmUp: 500, settling: 50, measured: 250, rounds: 1 };
  const real = [CRASH_METHOD, steadyMethod({ clients: 128 }, pace)];
  const said = rows.flatMap(({ notes, method, timeline }) => [
    ...notes,
    method,
    ...(timeline?.events ?? []).map(({ label }) => label),
  ]);
  for (const peer of PEERS) {
    said.push(...peer.notes, peer.caveat ?? peer.notes[0]!, `${peer.title} 1.2. ${REAL_CLOSED}`);
    said.push(`${peer.title}: not installed here; needed: ${peer.install}.`);
  }
  said.push(...warningsOf(WORRYING, 1), ...warningsOf({ ...WORRYING, fileSystem: 'tmpfs' }, 1));
  for (const { guarantees, name } of results.protocols) {
    for (const { source, check } of guarantees) {
      said.push(source);
      if (/[a-z]/.test(check)) expect(chinese.known('check', check), `${name}: ${check}`).toBeDefined();
    }
  }
  const titles = results.protocols.map(({ title }) => title).filter((title) => title !== 'Raft');
  expect(said.length).toBeGreaterThan(20);
  for (const text of new Set([...said, ...real, ...titles]))
    expect(chinese.said(text), text).toMatch(/\p{Script=Han}/u);
  for (const { scenario } of rows) expect(chinese.known('scenario', scenario), scenario).toBeDefined();
  for (const { metrics } of rows) {
    for (const name of Object.keys(metrics)) {
      const base = name.split(':')[0]!;
      if (!base.startsWith('expected')) expect(chinese.known('metric', base), base).toBeDefined();
    }
  }
  for (const { reads } of results.protocols) expect(chinese.known('reads', reads ?? 'none')).toBeDefined();
});
