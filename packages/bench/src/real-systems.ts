import { LoadProcess, type LoadResult, type LoadWork, LocalCluster, useOf } from '@quorate/cluster';
import type { Peer, PeerOptions } from './peers.ts';
import type { ProtocolSource } from './protocols.ts';

/** One of those that take turns under the same load: a cluster of ours or a peer, and the process that puts loads on it. */
export interface RunningSystem {
  load(work: LoadWork & { readonly milliseconds: number }): Promise<MeasuredLoad>;
  stop(): Promise<void>;
}

/** A load's result, and what it took. */
export interface MeasuredLoad extends LoadResult {
  readonly values: SystemValues;
}

/** Per operation of the whole load, warming up included; null where the system does not tell. */
export interface SystemValues extends Readonly<Record<string, number | null>> {
  /** Share of one core that the load's process used in the measured time: near 1, it is what was measured. */
  readonly loadCpuShare: number;
  /** Processor time of all the system's processes. */
  readonly cpuPerOperationMicroseconds: number | null;
  /** Resident in all its processes after the load; shared memory counts once. */
  readonly memoryBytes: number | null;
  readonly writtenPerOperationBytes: number | null;
  readonly syncsPerOperation: number | null;
}

/** What must be known of a system to measure it. */
interface Parts {
  readonly process: LoadProcess;
  pids(): readonly number[];
  syncs(): Promise<number | null>;
  stop(): Promise<void>;
}

/** Starts a cluster of a protocol. @throws Error where it does not serve; then nothing is left behind */
export async function startCluster(
  { module, exportName }: ProtocolSource,
  nodes: number,
): Promise<RunningSystem> {
  const cluster = await LocalCluster.start({ protocol: { module, exportName }, nodes });
  try {
    await cluster.ready();
    return systemOf({
      process: await LoadProcess.start(cluster.target()),
      pids: () => cluster.up.map((id) => cluster.pidOf(id)!),
      syncs: async () => {
        const stats = await Promise.all(cluster.up.map((id) => cluster.stats(id)));
        return stats.reduce((sum, one) => sum + (one?.journalSyncs ?? 0), 0);
      },
      stop: () => cluster.stop(),
    });
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Starts a peer. @throws Error where it does not serve; then nothing is left behind */
export async function startPeer(peer: Peer, options: PeerOptions): Promise<RunningSystem> {
  const running = await peer.start(options);
  try {
    return systemOf({
      process: await LoadProcess.start(running.target),
      pids: () => running.pids,
      syncs: () => running.syncs(),
      stop: () => running.stop(),
    });
  } catch (error) {
    await running.stop();
    throw error;
  }
}

function systemOf(parts: Parts): RunningSystem {
  return {
    async load(work) {
      const [useBefore, syncsBefore] = [useOf(parts.pids()), await parts.syncs()];
      const result = await parts.process.run(work);
      const [use, syncs] = [useOf(parts.pids()), await parts.syncs()];
      const operations = result.timeline.completed.reduce((sum, count) => sum + count, 0);
      const each = (after: number | null | undefined, before: number | null | undefined) =>
        after == null || before == null || operations === 0 ? null : Math.max(0, after - before) / operations;
      const cpuSeconds = each(use?.cpuSeconds, useBefore?.cpuSeconds);
      return {
        ...result,
        values: {
          loadCpuShare: result.loadCpuSeconds / result.seconds,
          cpuPerOperationMicroseconds: cpuSeconds === null ? null : cpuSeconds * 1e6,
          memoryBytes: use?.memoryBytes ?? null,
          writtenPerOperationBytes: each(use?.writtenBytes, useBefore?.writtenBytes),
          syncsPerOperation: each(syncs, syncsBefore),
        },
      };
    },
    async stop() {
      await parts.process.stop();
      await parts.stop();
    },
  };
}
