import type { FaultPlan } from '@quorate/faults';
import { describeEvent } from '@quorate/faults';
import type { NodeId } from '@quorate/interface';
import { LocalCluster, type LocalClusterOptions, type ReplicaFailure } from './harness.ts';
import { Load, type LoadOptions } from './load.ts';
import type { LoadResult } from './load-result.ts';

/** A load on a cluster of this machine, started for it alone. */
export interface RealLoadOptions
  extends Omit<LoadOptions, 'members' | 'milliseconds'>,
    Omit<LocalClusterOptions, 'faults'> {
  /** The measured time. */
  readonly seconds: number;
  /** What goes wrong; its times count from the start of the load, warming up included. */
  readonly plan?: FaultPlan;
}

/** What one replica's process used and did during the load, warming up included. */
export interface ReplicaUse {
  readonly id: NodeId;
  /** Processor time; of the last life, where it was started again. */
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  readonly journalSyncs: number;
  readonly messagesSent: number;
  readonly bytesSent: number;
}

/** What happened around the load, for timelines; milliseconds from its start. */
export interface RealLoadEvent {
  readonly atMilliseconds: number;
  readonly label: string;
  readonly kind: 'fault' | 'heal' | 'role';
}

export interface RealLoadResult extends LoadResult {
  /** Replicas that were up at the end. */
  readonly replicas: readonly ReplicaUse[];
  readonly events: readonly RealLoadEvent[];
  /** Replicas that stopped by themselves. */
  readonly failures: readonly ReplicaFailure[];
}

/**
 * Starts a cluster on this machine, puts a load on it, carries out a fault plan meanwhile, and cleans up.
 * @throws Error where the cluster does not start or serve; PlanError on faults that real processes can't have
 */
export async function runRealLoad(options: RealLoadOptions): Promise<RealLoadResult> {
  const { seconds, plan } = options;
  const events: RealLoadEvent[] = [];
  let since = Number.POSITIVE_INFINITY;
  const note = (label: string, kind: RealLoadEvent['kind']): void => {
    const atMilliseconds = performance.now() - since;
    if (atMilliseconds >= 0) events.push({ atMilliseconds, label, kind });
  };
  const cluster = await LocalCluster.start({
    ...options,
    faults: plan?.events.some(({ kind }) => kind !== 'crash' && kind !== 'pause') ?? false,
    onRole: (id, report) => {
      if (report.role === 'leader') note(`node ${id} leads, epoch ${report.epoch}`, 'role');
      options.onRole?.(id, report);
    },
  });
  try {
    await cluster.ready();
    const before = await usage(cluster);
    since = performance.now();
    const load = new Load({ ...options, members: cluster.members, milliseconds: seconds * 1000 });
    const runner =
      plan === undefined
        ? undefined
        : cluster.carryOut(plan, {
            onStep: (phase, event) => {
              const words = describeEvent(event, (node) => `node ${node}`).replace(/^[^:]*: /, '');
              const over = event.kind === 'crash' ? 'it starts again' : `over: ${words}`;
              note(phase === 'begin' ? words : over, phase === 'begin' ? 'fault' : 'heal');
            },
          });
    const result = await load.done;
    const after = await usage(cluster);
    await runner?.heal();
    return {
      ...result,
      replicas: after.map((now) =>
        difference(
          now,
          before.find(({ id }) => id === now.id),
        ),
      ),
      events,
      failures: cluster.failures,
    };
  } finally {
    await cluster.stop();
  }
}

async function usage(cluster: LocalCluster): Promise<ReplicaUse[]> {
  const found: ReplicaUse[] = [];
  for (const id of cluster.answering) {
    const stats = await cluster.stats(id);
    if (stats === undefined) continue;
    found.push({
      id,
      cpuSeconds: stats.cpuMicroseconds / 1e6,
      memoryBytes: stats.memoryBytes,
      journalSyncs: stats.journalSyncs,
      messagesSent: stats.transport.sent,
      bytesSent: stats.transport.bytesSent,
    });
  }
  return found;
}

/** A process that was started again counts from its start. */
function difference(now: ReplicaUse, before: ReplicaUse | undefined): ReplicaUse {
  if (before === undefined || now.journalSyncs < before.journalSyncs) return now;
  return {
    ...now,
    cpuSeconds: now.cpuSeconds - before.cpuSeconds,
    journalSyncs: now.journalSyncs - before.journalSyncs,
    messagesSent: now.messagesSent - before.messagesSent,
    bytesSent: now.bytesSent - before.bytesSent,
  };
}
