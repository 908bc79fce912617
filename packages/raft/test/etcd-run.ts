import { NO_BYTES, type NodeId } from '@quorate/interface';
import { type RaftKnobs, TAG_NOOP } from '../src/index.ts';
import { isPaused } from '../src/progress.ts';
import { type Command, expectations, ROLES } from './etcd-script.ts';
import { Cluster, type Packet, type TestNode } from './harness.ts';

/** etcd's test clock: an election time-out is three ticks, a heartbeat one. */
const TICK = 100;
const ELECTION_TICKS = 3;

/**
 * Performs a script on servers of this package, in the places of etcd's. Nothing is durable and nothing leaves a server before
 * `process-ready`; nothing arrives before `deliver-msgs`; `stabilize` does both in turns until nothing is left to do. Each server has
 * a clock of its own, which only ticks move.
 */
export class ScriptRun {
  /** How the outcomes differ from what the script printed, in order. */
  readonly differences: string[] = [];
  cluster!: Cluster;
  private ids: NodeId[] = [];
  private readonly clocks: number[] = [];
  private readonly outboxes: Packet[][] = [];
  private highestCommit = 0;

  run(commands: readonly Command[]): void {
    for (const command of commands) {
      const printed = this.perform(command);
      // Where the log level hides a command's output, it is `ok`.
      if (printed !== undefined && command.output[0] !== 'ok')
        this.compare(command, command.output.join('\n'), printed.join('\n'));
      this.compareServers(command);
    }
  }

  /**
   * Followers learn the commit index with the next message here, where etcd sends one for it alone. So scripts end with one more
   * heartbeat, after which all logs and commit indexes must be the leader's, and as high as any that was printed.
   * @throws Error where they are not.
   */
  finish(): void {
    const leader = this.cluster.leader;
    if (leader === undefined) throw new Error('the script ends without a leader');
    this.stabilize(this.ids);
    this.tick(leader, 1);
    this.stabilize(this.ids);
    const { commitIndex } = this.cluster.state(leader);
    if (commitIndex < this.highestCommit)
      throw new Error(`${this.highestCommit} is committed there, ${commitIndex} here`);
    const end = (id: NodeId) => {
      const { mainLog } = this.cluster.node(id);
      return `${mainLog.last} of term ${mainLog.epochAt(mainLog.last)}`;
    };
    for (const id of this.ids) {
      if (this.cluster.state(id).commitIndex !== commitIndex || end(id) !== end(leader))
        throw new Error(`node ${id} has not caught up with the leader`);
    }
  }

  // ---- commands --------------------------------------------------------------------------------------------------------

  /** Performs one command; returns what it prints where that is an outcome. */
  private perform({ name, args }: Command): string[] | undefined {
    const [first, second] = args;
    const id = Number(first);
    const numbers = args.filter((arg) => /^\d+$/.test(arg)).map(Number);
    switch (name) {
      case 'log-level':
        return undefined;
      case 'add-nodes':
        this.addNodes(id, new Map(args.slice(1).map((arg) => arg.split('=') as [string, string])));
        return undefined;
      case 'campaign':
        this.campaign(id);
        return undefined;
      case 'propose':
        this.cluster.write(id, second!);
        return undefined;
      case 'process-ready':
        for (const node of numbers) this.processReady(this.cluster.node(node));
        return undefined;
      case 'stabilize':
        this.stabilize(numbers.length > 0 ? numbers : this.ids);
        return undefined;
      case 'deliver-msgs':
        this.deliverMessages(args);
        return undefined;
      case 'tick-heartbeat':
        this.tick(id, 1);
        return undefined;
      case 'tick-election':
        this.tick(id, ELECTION_TICKS);
        return undefined;
      case 'set-randomized-election-timeout':
        this.setPatience(id, Number(second!.replace('timeout=', '')) * TICK);
        return undefined;
      case 'report-unreachable':
        this.cluster.node(id).step(() => this.cluster.node(id).replica.onLink(Number(second), false));
        return undefined;
      case 'compact':
        // There, the application cuts the log. Here the protocol does it, when told of a snapshot: so it is done for it.
        this.cluster.node(id).step(() => this.cluster.node(id).mainLog.forget(Number(second)));
        return this.logLines(id);
      case 'send-snapshot':
        this.sendSnapshot(id, Number(second));
        return undefined;
      case 'raft-log':
        return this.logLines(id);
      case 'raft-state':
        return this.ids.map((node) => this.stateLine(node));
      case 'status':
        return this.cluster.ids.map((peer) => this.statusLine(id, peer));
      default:
        throw new Error(`no command "${name}"`);
    }
  }

  /** The first call says who the voters are, for all servers: those of them that are not added yet are down. */
  private addNodes(count: number, options: ReadonlyMap<string, string>): void {
    const { voters, index = '0', prevote, checkquorum, inflight, ...unknown } = Object.fromEntries(options);
    if (Object.keys(unknown).length > 0) throw new Error(`no option ${Object.keys(unknown).join()}`);
    if (this.cluster === undefined) {
      const knobs: Partial<RaftKnobs> = {
        electionTimeout: ELECTION_TICKS * TICK,
        heartbeatInterval: TICK,
        preVote: prevote === 'true' ? 1 : 0,
        checkQuorum: checkquorum === 'true' ? 1 : 0,
        maxInflight: Number(inflight ?? 256),
        snapshotTrailing: 1e9, // only `compact` shortens logs
      };
      this.begin(voters!.split(',').length, knobs as Record<string, number>);
    }
    for (let left = count; left > 0; left--) {
      const node = this.cluster.node(this.ids.length + 1);
      this.ids.push(node.id);
      if (Number(index) > 0) this.restore(node, Number(index));
      node.boot();
    }
  }

  private begin(nodes: number, knobs: Record<string, number>): void {
    this.cluster = new Cluster({ nodes, knobs, autoSync: false });
    this.cluster.transmit = (packet) => this.outboxes[packet.from]!.push(packet);
    for (const id of this.cluster.ids) {
      const node = this.cluster.node(id);
      this.clocks[id] = this.cluster.now;
      this.outboxes[id] = [];
      node.now = () => this.clocks[id]!;
      node.setTimer = (timer, milliseconds) => node.timers.set(timer, this.clocks[id]! + milliseconds);
      node.crash();
    }
  }

  /** Servers begin with a snapshot up to `index`, of term 1, and no log behind it, though in term 0. */
  private restore(node: TestNode, index: number): void {
    node.snapshot = Array.from({ length: index + 1 }, () => '');
    for (let slot = 1; slot <= index; slot++) {
      node.mainLog.append(1, TAG_NOOP, NO_BYTES);
      this.cluster.decided(node.id, slot); // for the invariants, which watch these runs too
    }
    node.mainLog.forget(index);
    node.crash(0);
  }

  private campaign(id: NodeId): void {
    this.setPatience(id, 0);
    this.cluster.fire(id, 'election');
  }

  private setPatience(id: NodeId, patience: number): void {
    const state = this.cluster.state(id);
    state.patience = patience;
    if (patience === 0) state.heardAt = this.clocks[id]!;
    this.cluster.node(id).timers.set('election', state.heardAt + patience);
  }

  private tick(id: NodeId, ticks: number): void {
    const { timers } = this.cluster.node(id);
    for (let left = ticks; left > 0; left--) {
      this.clocks[id]! += TICK;
      for (const [timer, at] of [...timers]) if (at <= this.clocks[id]!) this.cluster.fire(id, timer);
    }
  }

  // ---- disk and network --------------------------------------------------------------------------------------------------

  private isReady(node: TestNode): boolean {
    return this.outboxes[node.id]!.length > 0 || node.written > node.synced;
  }

  private processReady(node: TestNode): void {
    node.sync();
    this.cluster.network.push(...this.outboxes[node.id]!.splice(0));
  }

  /** Takes messages to a server off the network. */
  private take(to: NodeId, type?: string): Packet[] {
    const { cluster } = this;
    const taken = cluster.network.filter(
      (packet) => packet.to === to && (type === undefined || packet.message.type === type),
    );
    cluster.network = cluster.network.filter((packet) => !taken.includes(packet));
    return taken;
  }

  private deliver(to: NodeId, type?: string): void {
    const node = this.cluster.node(to);
    // There, a snapshot is made when one is needed. So a leader has one of all that it has applied before it hears of any need.
    if (this.cluster.state(to).role === 'leader' && !this.isReady(node)) node.takeSnapshot();
    this.cluster.deliver(...this.take(to, type));
  }

  private deliverMessages(args: readonly string[]): void {
    let type: string | undefined;
    let dropped: number[] = [];
    const receivers: number[] = [];
    for (const arg of args) {
      if (arg.startsWith('drop=')) dropped = arg.match(/\d+/g)!.map(Number);
      else if (arg === 'type=MsgApp') type = 'AppendEntries';
      else if (/^\d+$/.test(arg)) receivers.push(Number(arg));
      else throw new Error(`no argument ${arg}`);
    }
    for (const to of receivers) this.deliver(to, type);
    for (const to of dropped) this.take(to, type);
  }

  private stabilize(ids: readonly NodeId[]): void {
    const { cluster } = this;
    const nodes = ids.map((id) => cluster.node(id));
    const busy = () =>
      nodes.some((node) => this.isReady(node)) || cluster.network.some((packet) => ids.includes(packet.to));
    for (let turns = 0; busy(); turns++) {
      if (turns === 100) throw new Error('it never comes to rest');
      for (const node of nodes) if (this.isReady(node)) this.processReady(node);
      for (const id of ids) this.deliver(id);
    }
  }

  /** A snapshot by hand, which the leader's progress knows nothing of. */
  private sendSnapshot(from: NodeId, to: NodeId): void {
    const { applied, mainLog } = this.cluster.node(from);
    const lastIncludedIndex = applied.length - 1;
    this.cluster.network.push({
      from,
      to,
      state: [...applied],
      message: {
        type: 'InstallSnapshot',
        term: this.cluster.state(from).currentTerm,
        lastIncludedIndex,
        lastIncludedTerm: mainLog.epochAt(lastIncludedIndex),
      },
    });
  }

  // ---- what is printed -----------------------------------------------------------------------------------------------------

  private entryLine(id: NodeId, index: number): string {
    const entry = this.cluster.node(id).mainLog.entryAt(index);
    if (entry === undefined) return 'nothing';
    const data = entry.tag === TAG_NOOP ? '' : String.fromCharCode(...entry.command);
    return `${entry.epoch}/${index} EntryNormal ${JSON.stringify(data)}`;
  }

  private logLines(id: NodeId): string[] {
    const { first, last, entries } = this.cluster.node(id).mainLog;
    if (entries.length === 0) return [`log is empty: first index=${first}, last index=${last}`];
    return entries.map((entry) => this.entryLine(id, entry.slot));
  }

  private stateLine(id: NodeId): string {
    const { role, currentTerm, leader } = this.cluster.state(id);
    return `${id}: ${ROLES[role]} (Voter) Term:${currentTerm} Lead:${leader ?? 0}`;
  }

  private statusLine(leader: NodeId, peer: NodeId): string {
    const state = this.cluster.state(leader);
    const match = `match=${state.matchIndex[peer]}`;
    // There, a leader keeps all of this for itself too; here, matchIndex only.
    if (peer === leader) return `${peer}: StateReplicate ${match} next=${state.matchIndex[peer]! + 1}`;
    const progress = state.progress[peer]!;
    const next = state.nextIndex[peer]!;
    const mode = { probe: 'StateProbe', replicate: 'StateReplicate', snapshot: 'StateSnapshot' }[
      progress.mode
    ];
    const words = [`${peer}: ${mode} ${match} next=${next}`];
    if (isPaused(progress, this.cluster.knobs as unknown as RaftKnobs)) words.push('paused');
    if (progress.mode === 'snapshot') words.push(`pendingSnap=${next - 1}`);
    if (!state.recentActive[peer]) words.push('inactive');
    if (progress.count > 0) {
      const full = progress.count === this.cluster.knobs.maxInflight ? '[full]' : '';
      words.push(`inflight=${progress.count}${full}`);
    }
    return words.join(' ');
  }

  // ---- comparing ---------------------------------------------------------------------------------------------------------------

  private compare({ line, name, args }: Command, there: unknown, here: unknown, what = ''): void {
    if (there === here) return;
    const [a, b] = [String(there).split('\n'), String(here).split('\n')];
    const where = `line ${line}, ${[name, ...args].join(' ')}${what}`;
    for (let i = 0; i < Math.max(a.length, b.length); i++)
      if (a[i] !== b[i]) this.differences.push(`${where}: ${a[i]} there, ${b[i]} here`);
  }

  private compareServers(command: Command): void {
    for (const [id, expected] of expectations(command)) {
      const state = this.cluster.state(id);
      const compare = (what: string, there: unknown, here: unknown) => {
        if (there !== undefined) this.compare(command, there, here, `, node ${id}'s ${what}`);
      };
      compare('role', expected.role, ROLES[state.role]);
      compare('leader', expected.lead, state.leader ?? 0);
      compare('term', expected.term, state.currentTerm);
      compare('vote', expected.vote, state.votedFor ?? 0);
      // Only a leader's at once (see `finish`).
      if (state.role === 'leader' || state.commitIndex > (expected.commit ?? Number.POSITIVE_INFINITY))
        compare('commit index', expected.commit, state.commitIndex);
      this.highestCommit = Math.max(this.highestCommit, expected.commit ?? 0);
      for (const [index, entry] of expected.entries)
        compare(`entry ${index}`, entry, this.entryLine(id, index));
      const last = [...expected.entries.keys()].at(-1);
      compare('last index', last, this.cluster.node(id).mainLog.last);
    }
  }
}
