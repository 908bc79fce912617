import type { Outcome, Slot } from '@quorate/interface';
import { PgConnection } from './connection.ts';
import { writeParse, writeQuery, writeRun, writeSync } from './wire.ts';

/** Connections on which transactions are carried out and prepared: each does one at a time, and their commits to disk are grouped. */
const PREPARING = 32;
/** Connections on which prepared transactions are ended. These wait for no lock, so each has any number under way. */
const FINISHING = 16;
/** So many may be prepared and not ended; further ones wait until some are. */
export const PREPARED_MAX = 500;
/** Who waits longer for a row is taken for a part of a deadlock, which no single server can see. */
const LOCK_MILLISECONDS = 200;
/** With so long nothing to do, every connection lets the others know what it counted. */
const QUIET_MILLISECONDS = 50;

interface Prepare {
  readonly slot: Slot;
  readonly key: string;
  readonly value: string;
  readonly done: (vote: 'yes' | 'no') => void;
}

/** What the coordinator has said of a transaction while it is being prepared. */
type Branch = 'working' | 'prepared' | 'to be aborted' | 'ending';

/** One PostgreSQL server as a participant: BEGIN, UPDATE and PREPARE TRANSACTION in phase one, COMMIT or ROLLBACK PREPARED in phase two. */
export class PgParticipant {
  readonly #preparing: PgConnection[];
  readonly #finishing: PgConnection[];
  readonly #idle: PgConnection[] = [];
  readonly #queue: Prepare[] = [];
  readonly #branches = new Map<Slot, Branch>();
  /** Of `#branches`, those that are not being prepared any more. */
  #prepared = 0;
  #turn = 0;
  #quiet: NodeJS.Timeout;

  static async open(port: number, user: string): Promise<PgParticipant> {
    const connect = (count: number) => Array.from({ length: count }, () => new PgConnection(port, user));
    const participant = new PgParticipant(connect(PREPARING), connect(FINISHING));
    await participant.#prepareStatements();
    return participant;
  }

  private constructor(preparing: PgConnection[], finishing: PgConnection[]) {
    this.#preparing = preparing;
    this.#finishing = finishing;
    this.#quiet = setTimeout(() => this.#publishCounts(), QUIET_MILLISECONDS);
  }

  /** Phase one. `done` is called once, later, unless the transaction is aborted before. */
  prepare(slot: Slot, key: string, value: string, done: (vote: 'yes' | 'no') => void): void {
    this.#quiet.refresh();
    this.#branches.set(slot, 'working');
    this.#queue.push({ slot, key, value, done });
    this.#carryOn();
  }

  /** Phase two. `done` is called once it is durable; at once where there is nothing to end. A decision may come again. */
  finish(slot: Slot, outcome: Outcome, done: () => void): void {
    const branch = this.#branches.get(slot);
    if (branch === undefined) done();
    else if (branch === 'prepared') this.#end(slot, outcome, done);
    else if (branch === 'working') this.#branches.set(slot, 'to be aborted'); // it cannot be committed: we have not voted
  }

  close(): void {
    clearTimeout(this.#quiet);
    for (const connection of [...this.#preparing, ...this.#finishing]) connection.close();
  }

  async #prepareStatements(): Promise<void> {
    for (const connection of [...this.#preparing, ...this.#finishing]) await connection.ready;
    for (const connection of this.#preparing) {
      await connection.query(`SET lock_timeout = ${LOCK_MILLISECONDS}`);
      writeParse(connection.pipe, 'begin', 'BEGIN');
      writeParse(connection.pipe, 'update', 'UPDATE kv SET v = $1 WHERE k = $2');
      writeSync(connection.pipe);
      await new Promise<void>((resolve, reject) => {
        connection.expect(({ error }) => (error === null ? resolve() : reject(new Error(error))));
      });
      this.#idle.push(connection);
    }
  }

  /** In the order of their coming, so that the oldest is being prepared, or is prepared, at every server. */
  #carryOn(): void {
    while (this.#queue.length > 0 && this.#idle.length > 0 && this.#prepared < PREPARED_MAX)
      this.#carryOut(this.#idle.pop()!, this.#queue.shift()!);
  }

  #carryOut(connection: PgConnection, work: Prepare): void {
    const { pipe } = connection;
    writeRun(pipe, 'begin', []);
    writeRun(pipe, 'update', [work.value, work.key]);
    writeParse(pipe, '', `PREPARE TRANSACTION '${work.slot}'`);
    writeRun(pipe, '', []);
    writeSync(pipe);
    connection.expect(({ error, tag }) => {
      this.#vote(work, error === null && tag === 'PREPARE TRANSACTION');
      if (error !== null) {
        writeQuery(pipe, 'ROLLBACK');
        connection.expect(() => this.#next(connection));
      } else this.#next(connection);
    });
  }

  #next(connection: PgConnection): void {
    this.#idle.push(connection);
    this.#carryOn();
  }

  #vote({ slot, done }: Prepare, isPrepared: boolean): void {
    const branch = this.#branches.get(slot);
    if (isPrepared) this.#prepared++;
    if (!isPrepared) this.#branches.delete(slot);
    else if (branch === 'to be aborted') this.#end(slot, 'aborted', () => {});
    else this.#branches.set(slot, 'prepared');
    if (branch !== 'to be aborted') done(isPrepared ? 'yes' : 'no');
  }

  #end(slot: Slot, outcome: Outcome, done: () => void): void {
    const connection = this.#finishing[this.#turn++ % FINISHING]!;
    this.#branches.set(slot, 'ending');
    writeQuery(connection.pipe, `${outcome === 'aborted' ? 'ROLLBACK' : 'COMMIT'} PREPARED '${slot}'`);
    connection.expect(({ error }) => {
      if (error !== null) throw new Error(`PostgreSQL cannot end a prepared transaction: ${error}`);
      this.#branches.delete(slot);
      this.#prepared--;
      this.#carryOn();
      this.#quiet.refresh();
      done();
    });
  }

  #publishCounts(): void {
    for (const connection of [...this.#idle, ...this.#finishing])
      connection.query('SELECT pg_stat_force_next_flush()').catch(() => {});
  }
}
