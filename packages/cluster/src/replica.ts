import { Driver, type DriverSettings } from '@quorate/driver';
import { type AnyProtocol, type Message, type NodeId, resolveKnobs } from '@quorate/interface';
import {
  DataFolderInUseError,
  DiskJournal,
  DiskSnapshotStore,
  type Io,
  type RecoveryReport,
} from '@quorate/log/disk';
import { KeyValueStore } from '@quorate/state-machine';
import { InterceptedTransport, type Transport, type TransportStatistics } from '@quorate/transport';
import { type LogLine, TcpTransport } from '@quorate/transport/tcp';
import { ReplicaClock } from './clock.ts';
import { claimFolder } from './identity.ts';
import { type Member, type Members, MembersError, membershipOf } from './members.ts';
import type { ReplicaFaults } from './replica-faults.ts';
import { ReplicaTrace, type RoleReport } from './replica-trace.ts';
import { ReplicaWorld } from './replica-world.ts';

/**
 * A line of a replica's log, for people. The transport's lines, and:
 * - `recovered`: what the data folder held. `torn-tail`: bytes at the journal's end had never become durable and were left out.
 * - `role`: the replica's role, epoch or known leader changed.
 * - `halted`: the replica stopped itself.
 */
export type ReplicaLogLine =
  | LogLine
  | {
      readonly event: 'recovered' | 'torn-tail' | 'role' | 'halted';
      readonly node: NodeId;
      readonly reason: string;
    };

/** What one replica needs to run in this process. */
export interface ReplicaOptions {
  readonly protocol: AnyProtocol;
  readonly id: NodeId;
  readonly members: Members;
  /** Made if need be. Belongs to this replica alone, for good. */
  readonly dataDirectory: string;
  /** The protocol's knobs, where they are not to have their defaults. */
  readonly knobs?: Readonly<Record<string, number>>;
  readonly settings?: Partial<DriverSettings>;
  /** The file operations; default the real ones. `lossyIo` of `@quorate/log/disk` forgets what was not made durable. */
  readonly io?: Io;
  /** Lets faults act on this replica's links, clock and disk; its `io` takes the place of the option. */
  readonly faults?: ReplicaFaults;
  readonly onLog?: (line: ReplicaLogLine) => void;
  readonly onRole?: (report: RoleReport) => void;
}

/** Counted since the start, except what is said to be of now. */
export interface ReplicaStats {
  /** Now. */
  readonly role: RoleReport;
  /** The slot up to which decisions are applied, now (replicated logs). */
  readonly applied: number;
  readonly requests: number;
  readonly decisions: number;
  /** Journal records written, and groups of them made durable. */
  readonly journalRecords: number;
  readonly journalSyncs: number;
  readonly transport: TransportStatistics;
}

/** A replica that runs in this process. */
export interface ServedReplica {
  /** Where it listens. */
  readonly address: { readonly host: string; readonly port: number };
  /** What was found in the data folder. */
  readonly recovery: RecoveryReport;
  stats(): ReplicaStats;
  /** Resolves when the replica has stopped: null after `close`, or the reason for which it stopped itself. */
  readonly stopped: Promise<Error | null>;
  /** Stops: unanswered requests end as `unknown`, what was written is made durable, the folder is given free. */
  close(): Promise<void>;
}

/**
 * Runs one replica in this process, on a real disk and real sockets. It serves clients as soon as it listens.
 * @throws MembersError where `id` is no member; RangeError on an unknown knob; DataFolderInUseError, JournalCorruptError,
 * SnapshotCorruptError, ForeignDataError where the folder cannot be used; Error where the address cannot be listened on
 */
export async function serveReplica(options: ReplicaOptions): Promise<ServedReplica> {
  const { protocol, id, members, dataDirectory, faults } = options;
  const member = findMember(members, id);
  const knobs = resolveKnobs(protocol, options.knobs);
  const io = faults?.io ?? options.io;
  const journal = DiskJournal.open(dataDirectory, io === undefined ? {} : { io });
  try {
    claimFolder(dataDirectory, members.cluster, protocol.name, id);
    const snapshots = DiskSnapshotStore.open(dataDirectory, io === undefined ? {} : { io });
    const tcp = await listen(options, member);
    const transport: Transport<Message> = faults === undefined ? tcp : intercepted(tcp, protocol, faults);
    const trace = new ReplicaTrace('counted');
    const log = (event: 'recovered' | 'torn-tail' | 'role' | 'halted', reason: string): void =>
      options.onLog?.({ event, node: id, reason });
    trace.onRole = (report) => {
      log('role', `${report.role} in epoch ${report.epoch}, leader ${report.leader ?? 'unknown'}`);
      options.onRole?.(report);
    };
    reportRecovery(journal.report, log);
    const world = new ReplicaWorld({
      tcp,
      transport,
      journal,
      members,
      clock: faults?.clock ?? new ReplicaClock(),
      log,
    });
    const driver = new Driver({
      protocol,
      id,
      members: membershipOf(members),
      knobs,
      journal,
      snapshots: world.watch(snapshots),
      machine: new KeyValueStore(),
      world,
      trace,
      ...(options.settings === undefined ? {} : { settings: options.settings }),
    });
    if (faults !== undefined) faults.onClock = () => world.wake();
    world.start(driver);
    return {
      address: tcp.address,
      recovery: journal.report,
      stats: () => world.stats(trace),
      stopped: world.stopped,
      close: () => world.close(),
    };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

export { DataFolderInUseError };

function findMember(members: Members, id: NodeId): Member {
  const member = members.nodes.find((node) => node.id === id);
  if (member !== undefined) return member;
  const known = members.nodes.map((node) => node.id).join(', ');
  throw new MembersError(`node ${id} is no member of cluster "${members.cluster}"; its nodes are ${known}`);
}

function listen(options: ReplicaOptions, member: Member): Promise<TcpTransport<Message>> {
  const { protocol, id, members, onLog } = options;
  return TcpTransport.listen<Message>({
    id,
    cluster: members.cluster,
    protocol: greetingOf(protocol),
    listen: { host: member.host, port: member.port },
    overflow: protocol.assumes.fifoLinks ? 'disconnect' : 'drop',
    burst: 'turn',
    ...(onLog === undefined ? {} : { onLog }),
  });
}

/** How a replica names its protocol in greetings: clients learn the family from it, which tells them whether they may ask again. */
export function greetingOf(protocol: Pick<AnyProtocol, 'family' | 'name'>): string {
  return `${protocol.family}/${protocol.name}`;
}

function intercepted(
  tcp: TcpTransport<Message>,
  protocol: AnyProtocol,
  faults: ReplicaFaults,
): InterceptedTransport<Message> {
  return new InterceptedTransport(tcp, faults.interceptor, {
    fifo: protocol.assumes.fifoLinks,
    schedule: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  });
}

function reportRecovery(
  { records, torn }: RecoveryReport,
  log: (event: 'recovered' | 'torn-tail', reason: string) => void,
): void {
  if (torn !== null) {
    const behind = torn.dropped === 0 ? '' : `, and ${torn.dropped} whole records behind it`;
    log('torn-tail', `${torn.file}: what begins at byte ${torn.offset} never became durable${behind}`);
  }
  log('recovered', `${records} journal records`);
}
