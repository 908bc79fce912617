import type { TargetModule } from '@quorate/cluster';

/** A system that is not ours and does the same work: what it is, and how to have one running on this machine for a while. */
export interface Peer {
  readonly name: string;
  readonly title: string;
  /** Not a system, but the least that any one must do. */
  readonly limit?: true;
  /** What a ratio to it leaves out, in a sentence; stands beside the ratios. */
  readonly caveat?: string;
  /** What to install where it is missing, in a few words. */
  readonly install: string;
  /** What a reader must know beside its numbers: how it is set up, and how it is asked. */
  readonly notes: readonly string[];
  /** Under load until it is as fast as it gets: a JVM compiles its code meanwhile. */
  readonly warmUpMilliseconds: number;
  /** Its version, or null where it is not installed. */
  version(): Promise<string | null>;
  /** Starts one with its data in a temporary folder, and resolves when it serves. @throws Error with what kept it from that */
  start(options: PeerOptions): Promise<RunningPeer>;
}

export interface PeerOptions {
  readonly nodes: number;
  /** Keys `k0`, `k1`, … will be written: those that must exist before are made by `start`. */
  readonly keys: number;
  readonly valueBytes: number;
}

/** A peer that serves. */
export interface RunningPeer {
  /** How a load's process asks it. */
  readonly target: TargetModule;
  /** Its processes; their descendants count too. */
  readonly pids: readonly number[];
  /** Forced writes of all its processes so far; null where it does not count them. */
  syncs(): Promise<number | null>;
  /** Ends its processes and removes its data. */
  stop(): Promise<void>;
}
