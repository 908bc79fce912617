/**
 * What a replicated write costs on this machine: starts a cluster of real processes, puts closed loops of clients on it, and prints for each number
 * of clients throughput, latency, and the processor time and memory of every process.
 *
 * ```
 * node benchmarks/dist/real.js raft --clients 1,128 --seconds 2 --rounds 3
 * node benchmarks/dist/real.js raft --clients 128 --profile /tmp/profiles   # a .cpuprofile for each replica
 * ```
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LocalCluster, runLoad } from '@quorate/cluster';

const PROTOCOLS: Readonly<Record<string, string>> = { raft: 'raft', 'two-phase-commit': 'twoPhaseCommit' };
/** Until every process has compiled what is hot: with less, the first figures come out a fifth too low. */
const WARM_UP = { clients: 128, milliseconds: 4000 } as const;
const SETTLING_MILLISECONDS = 300;
/** What `/proc` counts processor time in, on Linux. */
const TICK_MICROSECONDS = 10_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    clients: { type: 'string', default: '1,16,128,512,1024' },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '1' },
    nodes: { type: 'string', default: '3' },
    connections: { type: 'string', default: '4' },
    'value-bytes': { type: 'string', default: '128' },
    profile: { type: 'string' },
    'node-flags': { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const name = positionals[0] ?? 'raft';
const exportName = PROTOCOLS[name];
if (exportName === undefined) {
  console.error(`real: protocol "${name}" is unknown; allowed: ${Object.keys(PROTOCOLS).join(', ')}`);
  process.exit(2);
}

interface Use {
  readonly user: number;
  readonly system: number;
  readonly megabytes: number;
}

/** Processor time, microseconds, and memory of a process, all threads, so far. */
function useOf(pid: number | 'self'): Use {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return {
    user: Number(fields[11]) * TICK_MICROSECONDS,
    system: Number(fields[12]) * TICK_MICROSECONDS,
    megabytes: Math.round(Number(kilobytes) / 1024),
  };
}

const execArgv = (values['node-flags'] ?? '').split(' ').filter((flag) => flag !== '');
if (values.profile !== undefined) execArgv.push('--cpu-prof', `--cpu-prof-dir=${values.profile}`);
const cluster = await LocalCluster.start({
  protocol: { module: import.meta.resolve(`@quorate/${name}`), exportName },
  nodes: Number(values.nodes),
  execArgv,
});
try {
  await cluster.ready();
  const { members } = cluster;
  const load = {
    members,
    connections: Number(values.connections),
    valueBytes: Number(values['value-bytes']),
  };
  await runLoad({ ...load, ...WARM_UP });
  const leader = cluster.leaderNow;
  const ids = [...cluster.ids].sort((a, b) => Number(b === leader) - Number(a === leader));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const clients of values.clients.split(',').map(Number)) {
      const pids = [...ids.map((id) => cluster.pidOf(id)!), 'self' as const];
      const counted = await Promise.all(ids.map((id) => cluster.stats(id)));
      const before = pids.map(useOf);
      const result = await runLoad({
        ...load,
        clients,
        warmUpMilliseconds: SETTLING_MILLISECONDS,
        milliseconds: Number(values.seconds) * 1000,
      });
      const after = pids.map(useOf);
      const operations = result.timeline.completed.reduce((sum, count) => sum + count, 0);
      const processes = after.map(({ user, system, megabytes }, i) => ({
        user: (user - before[i]!.user) / operations,
        system: (system - before[i]!.system) / operations,
        megabytes,
      }));
      const counts = await Promise.all(ids.map((id) => cluster.stats(id)));
      const perSync = counts.map((now, i) => operations / (now!.journalSyncs - counted[i]!.journalSyncs));
      const perWrite = counts.map(
        (now, i) => operations / (now!.transport.writes - counted[i]!.transport.writes),
      );
      const { operationsPerSecond, latency, failed, unknown } = result;
      const row = {
        name,
        clients,
        operationsPerSecond,
        p50: latency.p50,
        p99: latency.p99,
        failed,
        unknown,
        perSync,
        perWrite,
        processes,
      };
      if (values.json) console.log(JSON.stringify(row));
      else {
        const cost = processes.map((p) => `${p.user.toFixed(1)}+${p.system.toFixed(1)} ${p.megabytes}M`);
        console.log(
          `${String(clients).padStart(5)} clients ${operationsPerSecond.toFixed(0).padStart(7)}/s  p50 ${(latency.p50 / 1000).toFixed(2)} ms  ` +
            `p99 ${(latency.p99 / 1000).toFixed(2)} ms  µs/op user+system: ${cost.slice(0, -1).join(', ')}; load ${cost.at(-1)}` +
            `  op/sync ${perSync.map((n) => n.toFixed(0))}  op/write ${perWrite.map((n) => n.toFixed(0))}` +
            (failed + unknown > 0 ? `  failed ${failed}, unknown ${unknown}` : ''),
        );
      }
    }
  }
} finally {
  await cluster.stop();
}
