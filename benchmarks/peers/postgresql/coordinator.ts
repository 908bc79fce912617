import type { EndHandler, LoadClient, LoadTarget } from '@quorate/cluster';
import { Driver, type Response, type World } from '@quorate/driver';
import {
  type Message,
  NO_BYTES,
  type NodeId,
  type Outcome,
  type Resource,
  resolveKnobs,
  type Slot,
} from '@quorate/interface';
import { DiskJournal, DiskSnapshotStore } from '@quorate/log/disk';
import { decodeCommand, encodeCommand, type Operation } from '@quorate/state-machine';
import { Trace } from '@quorate/trace';
import { commandOf, type TwoPhaseCommitMessage, twoPhaseCommit } from '@quorate/two-phase-commit';
import { PgConnection } from './connection.ts';
import { PgParticipant } from './participant.ts';
import { writeParse, writeRun, writeSync } from './wire.ts';

/**
 * The protocol's time-outs are for nodes that may be gone; these servers are there, and only slow under load. Above `maxActive` clients would
 * be sent away.
 */
const KNOBS = { maxActive: 100_000, voteTimeout: 5_000, resendInterval: 30_000 };

export interface CoordinatorOptions {
  readonly ports: readonly number[];
  readonly user: string;
  /** Where the coordinator keeps its journal: a folder of its own. */
  readonly directory: string;
}

/**
 * Quorate's two-phase commit, coordinator only, with PostgreSQL servers as its participants: the protocol's own code on its own driver and
 * journal, so a decision is forced to this coordinator's disk before anybody hears of it, and clients are answered then. Nodes 1 to n are the
 * servers; the coordinator is n + 1 and has no part in the transactions itself.
 */
export class PgCoordinator implements LoadTarget, World {
  readonly #participants: readonly PgParticipant[];
  readonly #reader: PgConnection;
  readonly #driver: Driver;
  readonly #journal: DiskJournal;
  readonly #clients: PgClient[] = [];
  #willSettle = false;
  #wake: NodeJS.Timeout | undefined;
  #wakeAt = Number.POSITIVE_INFINITY;

  static async open({ ports, user, directory }: CoordinatorOptions): Promise<PgCoordinator> {
    const participants = await Promise.all(ports.map((port) => PgParticipant.open(port, user)));
    const reader = new PgConnection(ports[0]!, user);
    await reader.ready;
    writeParse(reader.pipe, 'select', 'SELECT v FROM kv WHERE k = $1');
    return new PgCoordinator(participants, reader, directory);
  }

  private constructor(participants: readonly PgParticipant[], reader: PgConnection, directory: string) {
    this.#participants = participants;
    this.#reader = reader;
    this.#journal = DiskJournal.open(directory);
    this.#driver = new Driver({
      protocol: twoPhaseCommit,
      id: participants.length + 1,
      members: { voters: participants.map((_, i) => i + 1), learners: [], observers: [] },
      knobs: resolveKnobs(twoPhaseCommit, KNOBS),
      journal: this.#journal,
      snapshots: DiskSnapshotStore.open(directory),
      machine: NOTHING_HERE,
      world: this,
      trace: new Trace('counted'),
    });
    this.#driver.start();
    this.#driver.settle();
  }

  // ---- for the load ---------------------------------------------------------------------------------------------------------------

  client(index: number): LoadClient {
    this.#clients[index] ??= new PgClient(this, index);
    return this.#clients[index];
  }

  begin(client: number, sequence: number, operation: Operation): void {
    const command = encodeCommand({ client, sequence, operation });
    this.#driver.onRequest({ kind: 'write', client, sequence, command, participants: [] });
    this.#settleSoon();
  }

  /** Any server has what is committed; rows that are prepared show their old values, as they do to everybody. */
  read(key: string, done: EndHandler): void {
    writeRun(this.#reader.pipe, 'select', [key]);
    writeSync(this.#reader.pipe);
    this.#reader.expect(({ error }) => done(error === null ? 'ok' : 'unavailable', NO_BYTES));
  }

  async close(): Promise<void> {
    clearTimeout(this.#wake);
    this.#reader.close();
    for (const participant of this.#participants) participant.close();
    await this.#journal.close();
  }

  // ---- the driver's world -------------------------------------------------------------------------------------------------------------

  transmit(to: NodeId, message: Message): void {
    const said = message as TwoPhaseCommitMessage;
    const participant = this.#participants[to - 1]!;
    const { slot } = said as { readonly slot: Slot };
    if (said.type === 'Prepare') {
      const { operation } = decodeCommand(commandOf(said.command));
      const { key, value } = operation as Operation & { readonly kind: 'put' };
      participant.prepare(slot, key, value, (vote) => this.#hear(to, { type: 'Vote', slot, vote, acks: [] }));
    } else if (said.type === 'Decision')
      participant.finish(slot, said.outcome, () => {
        if (said.outcome === 'committed') this.#hear(to, { type: 'Ack', slots: [slot] });
      });
    else throw new Error(`a coordinator has no ${said.type} to send`);
  }

  respond(client: number, sequence: number, response: Response): void {
    this.#clients[client - 1]!.end(sequence, response.status);
  }

  wakeAt(deadline: number): void {
    if (deadline >= this.#wakeAt) return;
    this.#wakeAt = deadline;
    clearTimeout(this.#wake);
    this.#wake = setTimeout(
      () => {
        this.#wakeAt = Number.POSITIVE_INFINITY;
        this.#driver.onWake();
        this.#driver.settle();
      },
      Math.max(1, deadline - this.now()),
    );
  }

  now(): number {
    return performance.now();
  }

  random(): number {
    return Math.random();
  }

  connect(): void {}

  halted(why: Error): void {
    throw why;
  }

  #hear(from: NodeId, message: TwoPhaseCommitMessage): void {
    this.#driver.onMessage(from, message);
    this.#settleSoon();
  }

  /** What comes in during one turn of the event loop is one burst, from whatever connection. */
  #settleSoon(): void {
    if (this.#willSettle) return;
    this.#willSettle = true;
    setImmediate(() => {
      this.#willSettle = false;
      this.#driver.settle();
    });
  }
}

class PgClient implements LoadClient {
  readonly home = 0;
  busy = false;
  readonly #coordinator: PgCoordinator;
  readonly #client: number;
  #sequence = 0;
  #done: EndHandler | undefined;

  constructor(coordinator: PgCoordinator, index: number) {
    this.#coordinator = coordinator;
    this.#client = index + 1;
  }

  ask(operation: Operation, done: EndHandler): void {
    this.busy = true;
    this.#done = done;
    if (operation.kind === 'put') this.#coordinator.begin(this.#client, ++this.#sequence, operation);
    else if (operation.kind === 'get') this.#coordinator.read(operation.key, this.#ended);
    else throw new RangeError(`a load on PostgreSQL has no ${operation.kind}`);
  }

  end(sequence: number, status: Response['status']): void {
    if (sequence !== this.#sequence) return;
    this.#ended(status === 'ok' ? 'ok' : status === 'unknown' ? 'unknown' : 'aborted', NO_BYTES);
  }

  readonly #ended: EndHandler = (ending, result) => {
    this.busy = false;
    this.#done!(ending, result);
  };
}

/** The coordinator keeps no data: what is committed is at the servers. */
const NOTHING_HERE: Resource = {
  apply: () => NO_BYTES,
  read: () => NO_BYTES,
  snapshot: () => NO_BYTES,
  restore: () => {},
  prepare: () => 'no',
  hold: () => {},
  finish: (_slot: Slot, outcome: Outcome) => (outcome === 'aborted' ? null : NO_BYTES),
  released: () => [],
  readable: () => true,
};
