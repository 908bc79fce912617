import type { Driver, Response, World } from '@quorate/driver';
import type { Membership, Message, NodeId, Request } from '@quorate/interface';
import type { Journal, Snapshot, SnapshotStore } from '@quorate/log';
import { Kind } from '@quorate/trace';
import type { Transport } from '@quorate/transport';
import type { ClientConnection, TcpTransport } from '@quorate/transport/tcp';
import type { ReplicaClock } from './clock.ts';
import type { Members } from './members.ts';
import type { ReplicaStats } from './replica.ts';
import type { ReplicaTrace } from './replica-trace.ts';

/** What a replica's world is made of. */
interface WorldParts {
  readonly tcp: TcpTransport<Message>;
  /** `tcp`, or that with faults in between. */
  readonly transport: Transport<Message>;
  readonly journal: Journal;
  readonly members: Members;
  readonly clock: ReplicaClock;
  readonly log: (event: 'halted', reason: string) => void;
}

/** setTimeout takes no more. */
const LONGEST_TIMEOUT = 0x7fff_ffff;

/**
 * A driver's world of sockets, disk and real time. All that came in during one turn of the event loop, from whatever socket, is one burst:
 * one `settle`, one journal flush, then one write to each connection. So a busier replica works in larger batches, without a timer.
 */
export class ReplicaWorld implements World {
  readonly stopped: Promise<Error | null>;
  readonly #parts: WorldParts;
  /** Where requests come from, by connection: the driver gives a connection's number back with each answer, as the request's cause. */
  readonly #connections = new Map<number, ClientConnection>();
  #driver!: Driver;
  #flushing = false;
  #timer: NodeJS.Timeout | undefined;
  #armed = Number.POSITIVE_INFINITY;
  #requests = 0;
  #syncs = 0;
  #savesRunning = 0;
  #savesDone: (() => void) | undefined;
  #closing: Promise<void> | undefined;
  #haltedBy: Error | null = null;
  #tellStopped!: (why: Error | null) => void;

  constructor(parts: WorldParts) {
    this.#parts = parts;
    this.stopped = new Promise((resolve) => {
      this.#tellStopped = resolve;
    });
  }

  start(driver: Driver): void {
    this.#driver = driver;
    const { tcp, transport, journal, members } = this.#parts;
    transport.onMessage = (from, message) => driver.onMessage(from, message);
    transport.onLink = (peer, up) => driver.onLink(peer, up);
    transport.onBurstEnd = () => driver.settle();
    tcp.clients.onRequest = (connection, request) => this.#onRequest(connection, request);
    tcp.clients.onOpen = (connection) => this.#connections.set(connection.id, connection);
    tcp.clients.onGone = (connection) => this.#connections.delete(connection.id);
    const settleDurable = journal.onDurable;
    journal.onDurable = (sequence) => {
      this.#syncs++;
      settleDurable(sequence);
    };
    driver.start();
    driver.settle();
    transport.connect(new Map(members.nodes.map(({ id, host, port }) => [id, { host, port }])));
  }

  stats(trace: ReplicaTrace): ReplicaStats {
    const { journal, transport } = this.#parts;
    return {
      role: trace.report,
      applied: this.#driver.applied,
      requests: this.#requests,
      decisions: trace.counts[Kind.decide]!,
      journalRecords: journal.written,
      journalSyncs: this.#syncs,
      transport: { ...transport.statistics },
    };
  }

  // ---- clients ----------------------------------------------------------------------------------------------------------------

  #onRequest(connection: ClientConnection, request: Request): void {
    if (this.#closing !== undefined || this.#driver.halted) {
      connection.reply(request.client, request.sequence, 'stopped');
      this.#flushSoon();
      return;
    }
    this.#requests++;
    this.#driver.onRequest(request, connection.id);
  }

  respond(client: number, sequence: number, response: Response, cause: number): void {
    const connection = this.#connections.get(cause);
    if (connection === undefined) return; // gone
    if (response.status === 'ok') connection.reply(client, sequence, 'ok', null, response.result);
    else connection.reply(client, sequence, response.status, response.leader);
    this.#flushSoon();
  }

  // ---- peers ------------------------------------------------------------------------------------------------------------------

  transmit(to: NodeId, message: Message): void {
    this.#parts.transport.send(to, message);
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    process.nextTick(this.#flush);
  }

  readonly #flush = (): void => {
    this.#flushing = false;
    this.#parts.transport.flush();
  };

  connect(membership: Membership): void {
    const known = new Set([...membership.voters, ...membership.learners, ...membership.observers]);
    const nodes = this.#parts.members.nodes.filter(({ id }) => known.has(id));
    this.#parts.transport.connect(new Map(nodes.map(({ id, host, port }) => [id, { host, port }])));
  }

  // ---- time -------------------------------------------------------------------------------------------------------------------

  now(): number {
    return this.#parts.clock.now();
  }

  random(): number {
    return Math.random();
  }

  wakeAt(deadline: number): void {
    if (deadline >= this.#armed || this.#closing !== undefined) return;
    this.#armed = deadline;
    clearTimeout(this.#timer);
    const milliseconds = Math.ceil(this.#parts.clock.until(deadline));
    this.#timer = setTimeout(() => this.wake(), Math.min(Math.max(1, milliseconds), LONGEST_TIMEOUT));
  }

  /** Looks for timers that are due. */
  wake(): void {
    if (this.#closing !== undefined) return;
    this.#armed = Number.POSITIVE_INFINITY;
    this.#driver.onWake();
    this.#driver.settle();
  }

  // ---- the end ----------------------------------------------------------------------------------------------------------------

  halted(why: Error, kind: 'assertion' | 'storage'): void {
    this.#haltedBy = why;
    this.#parts.log('halted', `${kind}: ${why.stack ?? why.message}`);
    this.#savesDone?.();
    setImmediate(() => this.close()); // not from inside the driver
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { transport, journal } = this.#parts;
    clearTimeout(this.#timer);
    // A client takes the end of its connection for `unknown`, and so it is: what it asked may have been carried out, or may yet be.
    await transport.close();
    if (this.#savesRunning > 0 && this.#haltedBy === null)
      await new Promise<void>((resolve) => {
        this.#savesDone = resolve;
      });
    await journal.close();
    this.#tellStopped(this.#haltedBy);
  }

  /** A snapshot store which `close` waits for, so that nothing is written in the folder once it is given free. */
  watch(store: SnapshotStore): SnapshotStore {
    const world = this;
    return {
      get newest() {
        return store.newest;
      },
      save(snapshot: Snapshot, done: () => void) {
        world.#savesRunning++;
        store.save(snapshot, () => {
          world.#savesRunning--;
          if (world.#savesRunning === 0) world.#savesDone?.();
          done();
        });
      },
      get onFailure() {
        return store.onFailure;
      },
      set onFailure(handler: (error: Error) => void) {
        store.onFailure = handler;
      },
    };
  }
}
