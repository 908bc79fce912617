import { runRealLoad } from '@quorate/cluster';
import type { FaultPlan } from '@quorate/faults';
import { completions, countOf, longestGap } from './operations.ts';
import type { ProtocolSource } from './protocols.ts';
import { judge } from './real-judge.ts';
import type { Sample, Settings } from './scenario.ts';
import { timelineOf } from './timeline.ts';

const CRASH_AT = 700;
const CRASH_FOR = 1_000;
const CRASH_END = 2_700;
const CRASH_RATE = 500;

/** How a crash is measured, for the report. */
export const CRASH_METHOD =
  `One process for each replica; ${CRASH_RATE} operations offered per second (open loop), half of them reads. SIGKILL for the leader (or a coordinator) after ` +
  `${CRASH_AT / 1000} s, started again ${CRASH_FOR / 1000} s later. Unavailable: the longest time after the kill without an answered write.`;

/** One cluster, one kill of its leader, one sample. */
export async function crashRun(
  { protocol, module, exportName }: ProtocolSource,
  seed: number,
  nodes: number,
  settings: Settings,
): Promise<Sample> {
  const node = protocol.family === 'atomic-commit' ? ('coordinator' as const) : ('leader' as const);
  const crash = {
    kind: 'crash',
    at: CRASH_AT,
    for: CRASH_FOR,
    node,
    lostWrites: false,
    tornWrites: false,
  } as const;
  const plan: FaultPlan = { version: 1, events: [crash] };
  const load = await runRealLoad({
    protocol: { module, exportName },
    nodes,
    rate: CRASH_RATE,
    seconds: CRASH_END / 1000,
    valueBytes: settings.valueBytes,
    keys: Math.min(settings.keys, 1000),
    reads: 0.5,
    seed,
    history: true,
    columns: true,
    finalReads: true,
    plan,
  });
  const columns = load.columns!;
  const fault = load.events.find(({ kind }) => kind === 'fault')?.atMilliseconds ?? CRASH_AT;
  const [from, to] = [fault * 1000, CRASH_END * 1000];
  const gap = (kind: 'read' | 'write') => longestGap(completions(columns, { kind }), from, to).length / 1000;
  return {
    seed,
    values: {
      unavailableMilliseconds: gap('write'),
      readsUnavailableMilliseconds: gap('read'),
      failedOperations: countOf(columns, { from: 0, to }, 'failed'),
    },
    timeline: timelineOf(columns, CRASH_END, load.events),
    verdicts: [judge(protocol, load.history!, ['crash'])],
  };
}
