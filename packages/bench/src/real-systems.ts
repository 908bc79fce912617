import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import {
  bytesWrittenUnder,
  LoadProcess,
  type LoadResult,
  type LoadWork,
  LocalCluster,
  useOf,
} from '@quorate/cluster';
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
  /** Bytes that reached the disk, the file system's own included. */
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
      const before = await useNow(parts);
      const result = await parts.process.run(work);
      const after = await useNow(parts);
      const operations = result.timeline.completed.reduce((sum, count) => sum + count, 0);
      const each = (name: keyof UseNow, factor = 1): number | null => {
        const [from, to] = [before[name], after[name]];
        return from === null || to === null || operations === 0 ? null : ((to - from) / operations) * factor;
      };
      return {
        ...result,
        values: {
          loadCpuShare: result.loadCpuSeconds / result.seconds,
          cpuPerOperationMicroseconds: each('cpuSeconds', 1e6),
          memoryBytes: after.memoryBytes,
          writtenPerOperationBytes: each('writtenBytes'),
          syncsPerOperation: each('syncs'),
        },
      };
    },
    async stop() {
      await parts.process.stop();
      await parts.stop();
    },
  };
}

interface UseNow {
  readonly cpuSeconds: number | null;
  readonly memoryBytes: number | null;
  readonly writtenBytes: number | null;
  readonly syncs: number | null;
}

/** What was used so far, with nothing left to be written: neither at the cost of the next load, nor uncounted. */
async function useNow({ pids, syncs }: Parts): Promise<UseNow> {
  const use = useOf(pids());
  const forced = await syncs();
  await promisify(execFile)('sync', ['-f', tmpdir()]).catch(() => {}); // no such command: then not
  return {
    cpuSeconds: use?.cpuSeconds ?? null,
    memoryBytes: use?.memoryBytes ?? null,
    writtenBytes: bytesWrittenUnder(tmpdir()),
    syncs: forced,
  };
}
