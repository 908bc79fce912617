import type { Family, NodeId } from '@quorate/interface';
import { TcpClient } from '@quorate/transport/tcp';
import type { Member, Members } from './members.ts';
import type { Session } from './session.ts';

/** How clients ask. */
export interface AskingOptions {
  /** After so long without an answer a request is sent again, to another replica, if that is safe. Default 500. */
  readonly attemptMilliseconds?: number;
  /** After so long in all an operation is given up. Default 5000. */
  readonly giveUpMilliseconds?: number;
  /** The first pause before asking again where nobody could serve; it doubles up to 16 times. Default 10. */
  readonly backoffMilliseconds?: number;
  /**
   * Whether a write whose outcome is unknown is sent again, as the same request of its session. Default: as the cluster's protocol
   * allows: yes, but not in atomic commitment.
   */
  readonly retryWrites?: boolean;
}

/** Numbers of sessions begin below this: then they are small integers to the engine, of which tables are cheaper. */
const FIRST_SESSIONS = 2 ** 30;

/** Sessions look at their deadlines so often. */
const SWEEP_MILLISECONDS = 5;

/** Connections to the replicas of one cluster, opened as they are needed, and what is known of the cluster: shared by all sessions of a client. */
export class Connections {
  readonly attemptMilliseconds: number;
  readonly giveUpMilliseconds: number;
  readonly backoffMilliseconds: number;
  /** Whom all sessions ask first; null where nobody stands out. */
  leader: NodeId | null = null;
  readonly #cluster: string;
  readonly #nodes: readonly Member[];
  /** A node's position in the members file, by its id. */
  readonly #positions: number[] = [];
  readonly #lanes: number;
  readonly #retryWrites: boolean | undefined;
  /** By node's position in the members file, then by lane. */
  readonly #clients: (TcpClient | undefined)[][];
  readonly #sessions = new Set<Session>();
  #lastSession: number;
  readonly #sweeper: NodeJS.Timeout;
  #family: Family | undefined;

  /** @param lanes connections to each replica, among which sessions are spread */
  constructor(members: Members, lanes: number, options: AskingOptions = {}) {
    this.attemptMilliseconds = options.attemptMilliseconds ?? 500;
    this.giveUpMilliseconds = options.giveUpMilliseconds ?? 5_000;
    this.backoffMilliseconds = options.backoffMilliseconds ?? 10;
    this.#retryWrites = options.retryWrites;
    this.#cluster = members.cluster;
    this.#nodes = members.nodes;
    for (const [i, { id }] of members.nodes.entries()) this.#positions[id] = i;
    this.#lanes = lanes;
    this.#clients = members.nodes.map(() => []);
    this.#lastSession = Math.floor(Math.random() * FIRST_SESSIONS);
    this.#sweeper = setInterval(() => {
      const now = performance.now();
      for (const session of this.#sessions) session.sweep(now);
    }, SWEEP_MILLISECONDS);
  }

  /**
   * A number for a session, 1 to 2^31 - 1, that no other has, for all that one can tell: here they are counted, from a random one on, so that two
   * clients of a thousand sessions each share one by a chance of two in a million.
   */
  newSession(): number {
    return ++this.#lastSession;
  }

  /** Lets a session be reminded of its deadlines. */
  admit(session: Session): void {
    this.#sessions.add(session);
  }

  /** The node that the `n`th session is to ask first while there is no leader. */
  homeOf(n: number): NodeId {
    return this.#nodes[n % this.#nodes.length]!.id;
  }

  after(node: NodeId): NodeId {
    return this.homeOf((this.#positions[node] ?? -1) + 1);
  }

  /** The connection by which the `n`th session reaches a node, perhaps not up yet; undefined where there is no such node. */
  to(node: NodeId, n: number): TcpClient | undefined {
    const at = this.#positions[node];
    if (at === undefined) return undefined;
    const clients = this.#clients[at]!;
    const lane = n % this.#lanes;
    clients[lane] ??= this.#open(this.#nodes[at]!);
    return clients[lane];
  }

  /** A node has carried out a request. Where one replica leads, all others who ask had better ask it. */
  served(node: NodeId): void {
    if (this.leader !== node && this.#family !== 'atomic-commit') this.leader = node;
  }

  /** A node did not serve: if it was taken for the leader, it is no longer. */
  doubt(node: NodeId): void {
    if (this.leader === node) this.leader = null;
  }

  get mayRetryWrites(): boolean {
    return this.#retryWrites ?? (this.#family !== undefined && this.#family !== 'atomic-commit');
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    const open = this.#clients.flat().filter((client) => client !== undefined);
    await Promise.all(open.map((client) => client.close()));
  }

  #open({ id, host, port }: Member): TcpClient {
    const client = new TcpClient({
      address: { host, port },
      cluster: this.#cluster,
      expects: id,
      backoff: { first: 5, most: 100 },
    });
    client.onLink = (up) => {
      if (!up) this.doubt(id);
      else this.#family ??= client.protocol.split('/')[0] as Family;
      if (up) for (const session of this.#sessions) session.onReachable(id);
    };
    return client;
  }
}
