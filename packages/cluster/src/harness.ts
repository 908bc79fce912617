import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultPlan, Role } from '@quorate/faults';
import type { Family, NodeId } from '@quorate/interface';
import { dropUnsynced } from '@quorate/log/disk';
import { ReplicaProcess } from './child.ts';
import { QuorateClient } from './client.ts';
import type { ActiveFault, ProcessOptions, ProcessStats, ProtocolModule } from './control.ts';
import { AbortedError, OutcomeUnknownError } from './errors.ts';
import { FaultRunner, type FaultRunOptions } from './fault-runner.ts';
import type { ClusterTargetOptions, TargetModule } from './load-target.ts';
import type { Members } from './members.ts';
import { freePorts } from './ports.ts';
import type { ReplicaLogLine } from './replica.ts';
import type { RoleReport } from './replica-trace.ts';
import { takeTemporaryFolder } from './temporary.ts';

/** A cluster on this machine, one process for each replica. */
export interface LocalClusterOptions {
  readonly protocol: ProtocolModule;
  readonly nodes: number;
  /** Where the replicas' data goes, kept afterwards. Default: a temporary folder, removed by `stop`, whose disk may be no disk at all. */
  readonly directory?: string;
  readonly knobs?: Readonly<Record<string, number>>;
  /** Applied commands between two snapshots; 0 for none. */
  readonly snapshotEvery?: number;
  /** Let a crash lose what was not durable, as at a power cut. Slow: each write is noted beside the data first. */
  readonly lossy?: boolean;
  /** Let faults act on links, clocks and disks. Costs a little for each message. */
  readonly faults?: boolean;
  /** Node's own flags for the replicas' processes, such as `--cpu-prof`. */
  readonly execArgv?: readonly string[];
  readonly onLog?: (line: ReplicaLogLine) => void;
  /** A replica announced another role, epoch or leader. */
  readonly onRole?: (id: NodeId, report: RoleReport) => void;
}

/** What goes with a process in a lossy cluster. */
export interface KillOptions {
  /** Default true. */
  readonly lostWrites?: boolean;
  readonly random?: (() => number) | undefined;
}

/** A replica that stopped by itself. */
export interface ReplicaFailure {
  readonly id: NodeId;
  readonly reason: string;
}

/** From source, as tests run, the built file is what a plain Node can run. */
const TARGET_MODULE = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/load-target.js' : './load-target.js',
  import.meta.url,
).href;
const HOST = '127.0.0.1';
const STOP_MILLISECONDS = 5_000;

/** Replicas as processes of this machine, which can be killed, paused and started again, and which are always cleaned up. */
export class LocalCluster {
  readonly members: Members;
  /** Where node `n`'s data is: the subfolder `node-n`. */
  readonly directory: string;
  readonly options: LocalClusterOptions;
  /** Replicas that stopped without having been told to, oldest first. */
  readonly failures: ReplicaFailure[] = [];
  /** Faults that a replica started now is to have from the beginning. */
  activeFaults: () => { readonly faults: readonly ActiveFault[]; readonly now: number } = () => ({
    faults: [],
    now: 0,
  });
  readonly #processes = new Map<NodeId, ReplicaProcess>();
  readonly #paused = new Set<NodeId>();
  readonly #cleanUp: () => void;
  #stopped: Promise<void> | undefined;
  #family: Family | undefined;

  /** Starts all replicas and waits until they listen. @throws Error with what kept one from it; then nothing is left behind */
  static async start(options: LocalClusterOptions): Promise<LocalCluster> {
    const { nodes } = options;
    if (!Number.isInteger(nodes) || nodes < 1) throw new RangeError(`a cluster of ${nodes} nodes`);
    const ports = await freePorts(nodes, HOST);
    const members: Members = {
      cluster: `local-${process.pid}-${ports[0]}`,
      nodes: ports.map((port, i) => ({ id: i + 1, host: HOST, port })),
    };
    const cluster = new LocalCluster(options, members);
    try {
      await Promise.all(cluster.ids.map((id) => cluster.restart(id)));
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  private constructor(options: LocalClusterOptions, members: Members) {
    this.options = options;
    this.members = members;
    if (options.directory === undefined) {
      const { directory, remove } = takeTemporaryFolder(join(tmpdir(), 'quorate-cluster-'));
      this.directory = directory;
      this.#cleanUp = remove;
    } else {
      fs.mkdirSync(options.directory, { recursive: true });
      this.directory = options.directory;
      this.#cleanUp = () => {};
    }
  }

  /** The protocol's family, as the replicas told it when they started. */
  get family(): Family | undefined {
    return this.#family;
  }

  get ids(): NodeId[] {
    return this.members.nodes.map(({ id }) => id);
  }

  /** The nodes whose processes run, paused ones too. */
  get up(): NodeId[] {
    return this.ids.filter((id) => this.isUp(id));
  }

  /** Those that are not paused either. */
  get answering(): NodeId[] {
    return this.up.filter((id) => !this.#paused.has(id));
  }

  isUp(id: NodeId): boolean {
    return this.#processes.get(id)?.up ?? false;
  }

  folderOf(id: NodeId): string {
    return join(this.directory, `node-${id}`);
  }

  pidOf(id: NodeId): number | undefined {
    return this.isUp(id) ? this.#processes.get(id)!.pid : undefined;
  }

  /** What a replica last announced; undefined while it is down. */
  roleOf(id: NodeId): RoleReport | undefined {
    return this.isUp(id) ? this.#processes.get(id)!.role : undefined;
  }

  /** This cluster as the target of a `LoadProcess`. */
  target(options: Omit<ClusterTargetOptions, 'members'> = {}): TargetModule {
    const { members } = this;
    return { module: TARGET_MODULE, exportName: 'clusterTarget', options: { ...options, members } };
  }

  /** Undefined where the replica is down. Does not answer while it is paused. */
  stats(id: NodeId): Promise<ProcessStats | undefined> {
    return this.#processes.get(id)?.stats() ?? Promise.resolve(undefined);
  }

  // ---- what can be done to a replica --------------------------------------------------------------------------------------------

  /** Starts a replica that is down on what its disk kept; does nothing where it is up. Resolves when it listens. */
  async restart(id: NodeId): Promise<void> {
    if (this.isUp(id) || this.#stopped !== undefined) return;
    const { protocol, knobs, snapshotEvery, lossy, faults } = this.options;
    const active = this.activeFaults();
    const options: ProcessOptions = {
      protocol,
      id,
      members: this.members,
      dataDirectory: this.folderOf(id),
      lossy: lossy ?? false,
      faults: faults ?? false,
      activeFaults: active.faults,
      planTime: active.now,
      ...(knobs === undefined ? {} : { knobs }),
      ...(snapshotEvery === undefined ? {} : { snapshotEvery }),
    };
    const child = new ReplicaProcess(options, this.options.execArgv ?? [], {
      onLog: (line) => this.#onLog(line),
      onRole: (node, report) => this.options.onRole?.(node, report),
    });
    this.#processes.set(id, child);
    this.#family = await child.ready;
  }

  /**
   * Ends a replica's process at once (SIGKILL). In a lossy cluster the power goes too, unless `lostWrites` is false: what was not durable
   * is lost, or, given `random`, each sector of it by an even chance.
   */
  async kill(id: NodeId, { lostWrites = true, random }: KillOptions = {}): Promise<void> {
    const child = this.#processes.get(id);
    if (child === undefined || !child.up) return;
    child.signal('SIGKILL');
    await child.ended;
    this.#paused.delete(id);
    if (this.options.lossy && lostWrites) dropUnsynced(this.folderOf(id), random);
  }

  /** Lets a replica's process stand still (SIGSTOP). */
  pause(id: NodeId): void {
    this.#processes.get(id)?.signal('SIGSTOP');
    this.#paused.add(id);
  }

  resume(id: NodeId): void {
    if (this.#paused.delete(id)) this.#processes.get(id)?.signal('SIGCONT');
  }

  /** Begins a fault of links, clock or disk at all replicas; see `activeFaults` for those that start later. */
  begin(fault: ActiveFault, now: number): void {
    for (const child of this.#processes.values()) child.tell({ type: 'begin', fault, now });
  }

  end(index: number): void {
    for (const child of this.#processes.values()) child.tell({ type: 'end', index });
  }

  /** Carries out a plan of faults, from now on. @throws PlanError on what this cluster can't do */
  carryOut(plan: FaultPlan, options: FaultRunOptions = {}): FaultRunner {
    return new FaultRunner(this, plan, options);
  }

  // ---- who is who ---------------------------------------------------------------------------------------------------------------

  /**
   * Who has a role as far as the replicas have announced it; of several, the one of the highest epoch. In atomic commitment every node
   * coordinates its own clients' transactions, so the first one up serves as well as any.
   */
  holderOf(role: Role, taken: readonly NodeId[] = []): NodeId | null {
    let holder: NodeId | null = null;
    let highest = -1;
    for (const id of this.up) {
      const report = this.roleOf(id)!;
      if (taken.includes(id) || report.epoch <= highest) continue;
      const leads = report.role === 'leader' || report.role === 'coordinator';
      if (!(role === 'follower' ? !leads : leads || this.family === 'atomic-commit')) continue;
      holder = id;
      highest = report.epoch;
    }
    return holder;
  }

  /** Who leads, or null where nobody is known to. */
  get leaderNow(): NodeId | null {
    return this.holderOf('leader');
  }

  /** Waits until somebody leads. @throws Error where nobody does within `milliseconds`, default 5000 */
  async leader(milliseconds = 5_000): Promise<NodeId> {
    const end = performance.now() + milliseconds;
    for (;;) {
      const leader = this.leaderNow;
      if (leader !== null) return leader;
      if (performance.now() > end) throw new Error(`no leader within ${milliseconds} ms`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Waits until the cluster carries out writes from each of its nodes. Leaves a key `ready-…` for each. @throws Error where it does not within `milliseconds`, default 10,000 */
  async ready(milliseconds = 10_000): Promise<void> {
    const client = new QuorateClient(this.members, { retryWrites: true, giveUpMilliseconds: milliseconds });
    const end = performance.now() + milliseconds;
    try {
      await Promise.all(
        this.ids.map(async (id) => {
          for (;;) {
            const error = await client.put(`ready-${id}`, '').then(
              () => null,
              (why: Error) => why,
            );
            if (error === null) return;
            if (
              performance.now() > end ||
              !(error instanceof AbortedError || error instanceof OutcomeUnknownError)
            )
              throw error;
          }
        }),
      );
    } finally {
      await client.close();
    }
  }

  // ---- the end ------------------------------------------------------------------------------------------------------------------

  /** Ends all processes, in order where they let themselves be asked, and removes the temporary folder. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    for (const id of [...this.#paused]) this.resume(id);
    const children = [...this.#processes.values()];
    for (const child of children) child.signal('SIGTERM');
    const timer = setTimeout(() => {
      for (const child of children) child.signal('SIGKILL');
    }, STOP_MILLISECONDS);
    await Promise.all(children.map((child) => child.ended));
    clearTimeout(timer);
    this.#cleanUp();
  }

  #onLog(line: ReplicaLogLine): void {
    if (line.event === 'halted') this.failures.push({ id: line.node, reason: line.reason });
    this.options.onLog?.(line);
  }
}
