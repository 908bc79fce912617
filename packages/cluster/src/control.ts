import type { ResolvedEvent } from '@quorate/faults';
import type { Family, NodeId } from '@quorate/interface';
import type { Members } from './members.ts';
import type { ReplicaLogLine, ReplicaStats } from './replica.ts';
import type { RoleReport } from './replica-trace.ts';

/** Where a protocol comes from: a module that a child process can import, by package name or file URL, and the name that it exports the protocol under. */
export interface ProtocolModule {
  readonly module: string;
  readonly exportName: string;
}

/** An event of a fault plan that is active, by its position in the plan. */
export interface ActiveFault {
  readonly index: number;
  readonly event: ResolvedEvent;
}

/** What `serve-process` is told in its one argument, as JSON. */
export interface ProcessOptions {
  readonly protocol: ProtocolModule;
  readonly id: NodeId;
  readonly members: Members;
  readonly dataDirectory: string;
  readonly knobs?: Readonly<Record<string, number>>;
  readonly snapshotEvery?: number;
  /** Note, beside the data, how to take back whatever is not yet durable. */
  readonly lossy: boolean;
  /** Take fault messages from the parent. */
  readonly faults: boolean;
  /** What is wrong from the beginning. */
  readonly activeFaults: readonly ActiveFault[];
  /** The plan's time at the start. */
  readonly planTime: number;
}

/** What a replica's process says on its channel. */
export type ChildMessage =
  | { readonly type: 'ready'; readonly port: number; readonly family: Family }
  | { readonly type: 'role'; readonly report: RoleReport }
  | { readonly type: 'log'; readonly line: ReplicaLogLine }
  | { readonly type: 'failed'; readonly error: string; readonly name: string }
  | { readonly type: 'stats'; readonly call: number; readonly stats: ProcessStats };

/** What it is told. */
export type ParentMessage =
  | { readonly type: 'begin'; readonly fault: ActiveFault; readonly now: number }
  | { readonly type: 'end'; readonly index: number }
  | { readonly type: 'stats'; readonly call: number };

/** A replica's counts with those of its process. */
export interface ProcessStats extends ReplicaStats {
  /** Processor time used since the process began, all threads. */
  readonly cpuMicroseconds: number;
  /** Memory resident now. */
  readonly memoryBytes: number;
}
