import type { Message, NodeId } from '@quorate/interface';
import { type Address, Counters, type Transport } from '../transport.ts';

/** Something to be delivered to one node: messages of one flush, or a change of a link. */
interface Delivery<M extends Message> {
  readonly to: MemoryTransport<M>;
  readonly from: NodeId;
  /** Which session with `from` it belongs to; messages of a session that has ended are lost. */
  readonly session: number;
  /** The messages; for a change of the link, whether it is up. */
  readonly what: M[] | boolean;
}

/** What a transport needs of its hub. */
interface Exchange<M extends Message> {
  post(delivery: Delivery<M>): void;
  member(id: NodeId): MemoryTransport<M> | undefined;
  isCut(a: NodeId, b: NodeId): boolean;
  review(): void;
  leave(transport: MemoryTransport<M>): void;
  nextSession(): number;
}

/**
 * Where in-memory transports meet. Everything posted is delivered in the order of posting, by `pump`, which nothing calls by
 * itself: the same calls give the same deliveries. Messages are handed over as they are, not encoded or copied.
 */
export class MemoryHub<M extends Message = Message> {
  readonly #members = new Map<NodeId, MemoryTransport<M>>();
  readonly #cut = new Set<string>();
  readonly #exchange: Exchange<M>;
  readonly #onPosted: () => void;
  #queue: Delivery<M>[] = [];
  #head = 0;
  #sessions = 0;

  /** @param onPosted called when something is posted where nothing was waiting, so that a caller can schedule `pump`. Default: nothing. */
  constructor(onPosted: () => void = () => {}) {
    this.#onPosted = onPosted;
    this.#exchange = {
      post: (delivery) => this.#post(delivery),
      member: (id) => this.#members.get(id),
      isCut: (a, b) => this.#cut.has(pair(a, b)),
      review: () => this.#review(),
      leave: (transport) => {
        if (this.#members.get(transport.id) === transport) this.#members.delete(transport.id);
        this.#review();
      },
      nextSession: () => ++this.#sessions,
    };
  }

  /** A new transport for node `id`; one that the hub has for that node is closed, as when a process starts again. */
  join(id: NodeId): MemoryTransport<M> {
    this.#members.get(id)?.leave();
    const transport = new MemoryTransport<M>(id, this.#exchange);
    this.#members.set(id, transport);
    return transport;
  }

  /** How many deliveries wait for `pump`. */
  get waiting(): number {
    return this.#queue.length - this.#head;
  }

  /** Delivers what waits, and what is posted meanwhile, but no more than `most` deliveries. Returns how many there were. */
  pump(most = Number.POSITIVE_INFINITY): number {
    let done = 0;
    while (this.#head < this.#queue.length && done < most) {
      const delivery = this.#queue[this.#head++]!;
      if (this.#head === this.#queue.length) {
        this.#queue = [];
        this.#head = 0;
      }
      delivery.to.receive(delivery.from, delivery.session, delivery.what);
      done++;
    }
    return done;
  }

  /** Ends the session between two nodes, with what is under way, and allows none until `heal`. */
  cut(a: NodeId, b: NodeId): void {
    this.#cut.add(pair(a, b));
    this.#review();
  }

  heal(a: NodeId, b: NodeId): void {
    this.#cut.delete(pair(a, b));
    this.#review();
  }

  #post(delivery: Delivery<M>): void {
    this.#queue.push(delivery);
    if (this.waiting === 1) this.#onPosted();
  }

  /** Ends and begins sessions as membership and cuts now say. */
  #review(): void {
    for (const transport of this.#members.values()) transport.review();
  }
}

function pair(a: NodeId, b: NodeId): string {
  return a < b ? `${a}-${b}` : `${b}-${a}`;
}

interface Session<M extends Message> {
  readonly peer: MemoryTransport<M>;
  readonly number: number;
  outgoing: M[];
  /** Whether this end was told of the session. What it sends before that is meant for an earlier one. */
  isOpen: boolean;
}

/** One node's end; made by `MemoryHub.join`. There is a session with each peer that both know as a member. */
export class MemoryTransport<M extends Message = Message> implements Transport<M> {
  readonly id: NodeId;
  readonly statistics: Counters = new Counters();
  onMessage: (from: NodeId, message: M) => void = () => {};
  onBurstEnd: () => void = () => {};
  onLink: (peer: NodeId, up: boolean) => void = () => {};
  readonly #exchange: Exchange<M>;
  readonly #sessions = new Map<NodeId, Session<M>>();
  #members: ReadonlySet<NodeId> = new Set();
  #closed = false;

  /** @internal */
  constructor(id: NodeId, exchange: Exchange<M>) {
    this.id = id;
    this.#exchange = exchange;
  }

  send(to: NodeId, message: M): void {
    const session = this.#sessions.get(to);
    if (session === undefined || !session.isOpen) {
      this.statistics.droppedDown++;
      return;
    }
    this.statistics.sent++;
    session.outgoing.push(message);
  }

  flush(): void {
    for (const session of this.#sessions.values()) {
      if (session.outgoing.length === 0) continue;
      this.statistics.writes++;
      this.#exchange.post({
        to: session.peer,
        from: this.id,
        session: session.number,
        what: session.outgoing,
      });
      session.outgoing = [];
    }
  }

  connect(members: ReadonlyMap<NodeId, Address>): void {
    this.#members = new Set(members.keys());
    this.#exchange.review();
  }

  disconnect(peer: NodeId, _reason: string): void {
    const session = this.#sessions.get(peer);
    if (session === undefined) return;
    this.#end(session);
    session.peer.review();
    this.#exchange.review();
  }

  close(): Promise<void> {
    this.leave();
    return Promise.resolve();
  }

  /** What `close` does, at once. @internal */
  leave(): void {
    this.#closed = true;
    this.#sessions.clear();
    this.#exchange.leave(this);
  }

  /** Whether this node would have a session with `peer`. @internal */
  wants(peer: NodeId): boolean {
    return !this.#closed && this.#members.has(peer);
  }

  /** Whether this end is in the session. @internal */
  isIn(peer: NodeId, session: number): boolean {
    return !this.#closed && this.#sessions.get(peer)?.number === session;
  }

  /** Brings this node's sessions in line with who is there, who wants whom, and what is cut. @internal */
  review(): void {
    for (const session of [...this.#sessions.values()]) {
      const { peer, number } = session;
      const holds =
        this.wants(peer.id) && !this.#exchange.isCut(this.id, peer.id) && peer.isIn(this.id, number);
      if (!holds) this.#end(session);
    }
    for (const id of this.#members) {
      const peer = this.#exchange.member(id);
      if (peer === undefined || id === this.id || this.#sessions.has(id)) continue;
      if (this.#closed || !peer.wants(this.id) || this.#exchange.isCut(this.id, id)) continue;
      const number = this.#exchange.nextSession();
      // A peer that still has an older session learns here that it is over.
      peer.begin(this, number);
      this.begin(peer, number);
    }
  }

  /** @internal */
  begin(peer: MemoryTransport<M>, number: number): void {
    const old = this.#sessions.get(peer.id);
    if (old !== undefined) this.#end(old);
    this.#sessions.set(peer.id, { peer, number, outgoing: [], isOpen: false });
    this.#exchange.post({ to: this, from: peer.id, session: number, what: true });
  }

  #end(session: Session<M>): void {
    this.#sessions.delete(session.peer.id);
    this.#exchange.post({ to: this, from: session.peer.id, session: session.number, what: false });
  }

  /** @internal */
  receive(from: NodeId, session: number, what: M[] | boolean): void {
    if (this.#closed) return;
    if (typeof what === 'boolean') {
      const current = this.#sessions.get(from);
      if (what && current?.number === session) current.isOpen = true;
      this.onLink(from, what);
    } else {
      for (const message of what) {
        if (!this.isIn(from, session)) break;
        this.statistics.received++;
        this.onMessage(from, message);
      }
    }
    if (!this.#closed) this.onBurstEnd();
  }
}
