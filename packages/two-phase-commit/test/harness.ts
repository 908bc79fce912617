import { type Membership, type Monitor, type NodeId, resolveKnobs } from '@quorate/interface';
import {
  ROLES,
  type Roles,
  type TwoPhaseCommitMessage,
  type TwoPhaseCommitState,
  twoPhaseCommit,
} from '../src/index.ts';
import { TestClient, TestNode } from './node.ts';

type Message = TwoPhaseCommitMessage;

/** A small deterministic world: nodes 1 to n, links of 1 ms, disks that sync in `syncDelay` ms, virtual time. */
export class World {
  now = 0;
  syncDelay = 0;
  readonly nodes: (TestNode | undefined)[] = [undefined];
  readonly members: Membership;
  readonly knobs: Record<string, number>;
  readonly roles: Roles;
  readonly monitors: Monitor<TwoPhaseCommitState>[] = twoPhaseCommit.invariants.map((one) => one.monitor());
  /** Everything sent to another node, delivered or not. */
  readonly sent: { from: NodeId; to: NodeId; message: Message }[] = [];
  /** Whether a message arrives. */
  arrives: (from: NodeId, to: NodeId, message: Message) => boolean = () => true;
  /** When each copy of a message arrives, in ms. */
  delays: () => readonly number[] = () => [1];
  /** The next one last; at the same time, in the order in which they were made. */
  private events: { at: number; act: () => void }[] = [];
  private seed: number;
  private clients = 0;

  constructor(n: number, options: { knobs?: Record<string, number>; roles?: Roles; seed?: number } = {}) {
    this.seed = options.seed ?? 1;
    this.roles = options.roles ?? ROLES;
    this.members = { voters: Array.from({ length: n }, (_, i) => i + 1), learners: [], observers: [] };
    this.knobs = resolveKnobs(twoPhaseCommit, options.knobs);
    for (const id of this.members.voters) this.nodes[id] = new TestNode(this, id);
    for (const id of this.members.voters) this.node(id).start();
    this.run(0);
  }

  node(id: NodeId): TestNode {
    return this.nodes[id]!;
  }

  write(at: NodeId, key: number, value: number, participants: readonly NodeId[] = []): TestClient {
    return this.request(at, new TestClient('write', ++this.clients, key, value, participants));
  }

  read(at: NodeId, key: number): TestClient {
    return this.request(at, new TestClient('read', ++this.clients, key, 0, []));
  }

  request(at: NodeId, client: TestClient): TestClient {
    this.node(at).step((replica) => replica.onRequest(client));
    return client;
  }

  /** A message out of nowhere: late, repeated or forged. */
  inject(from: NodeId, to: NodeId, message: Message): void {
    this.node(to).step((replica) => replica.onMessage(from, message));
  }

  transmit(from: NodeId, to: NodeId, message: Message): void {
    this.sent.push({ from, to, message });
    if (!this.arrives(from, to, message)) return;
    for (const delay of this.delays())
      this.at(delay, () => this.node(to).step((replica) => replica.onMessage(from, message)));
  }

  at(delay: number, act: () => void): void {
    const at = this.now + delay;
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.events[middle]!.at > at) low = middle + 1;
      else high = middle;
    }
    this.events.splice(low, 0, { at, act });
  }

  /** Lets `milliseconds` pass. */
  run(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (let next = this.events.at(-1); next !== undefined && next.at <= end; next = this.events.at(-1)) {
      this.events.pop();
      this.now = next.at;
      next.act();
    }
    this.now = end;
  }

  judge(wrong: string | null): void {
    if (wrong !== null) throw new Error(`invariant: ${wrong}`);
  }

  /** Messages sent so far, by type. */
  count(type: Message['type']): number {
    return this.sent.filter(({ message }) => message.type === type).length;
  }

  random(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
}
