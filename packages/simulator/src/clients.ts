import type { Operation as HistoryOperation, Output } from '@quorate/checkers';
import type { Response } from '@quorate/driver';
import type { NodeId, Request } from '@quorate/interface';
import { decodeResult, encodeCommand, type Operation } from '@quorate/state-machine';
import { Kind } from '@quorate/trace';
import type { RandomStream } from './random.ts';
import type { Simulation } from './simulation.ts';
import type { Workload } from './workload.ts';

/** Clients wait so long for an answer before they try elsewhere, and so long in all before they give up; LAN milliseconds. */
const ATTEMPT_MILLISECONDS = 500;
const GIVE_UP_MILLISECONDS = 5_000;
const BACKOFF_MILLISECONDS = 20;
/** No more operations than this are outstanding in an open loop; further arrivals are counted as shed. */
const OUTSTANDING = 20_000;

export const STATUS = { ok: 0, failed: 1, unknown: 2, pending: 3 } as const;

/** All operations of a run in columns, in order of invocation; times in virtual µs. */
export interface OperationColumns {
  /** When the operation was meant to start. */
  readonly intended: number[];
  /** When it ended; Infinity while pending. */
  readonly ended: number[];
  /** See `STATUS`. */
  readonly status: number[];
  /** 1 for reads. */
  readonly read: number[];
  /** Where the client stands. */
  readonly home: number[];
}

interface Client {
  readonly index: number;
  /** The session; a client that gave up with the outcome open goes on under a new one. */
  session: number;
  sequence: number;
  readonly home: NodeId;
  /** Asks only what it is told to, one request at a time. */
  readonly told: boolean;
  /** Whom it asks next. */
  target: NodeId;
  /** Its operation's number, or 0 while idle. */
  operation: number;
  input: Operation | undefined;
  request: Request | undefined;
  /** The history's event number of its invocation. */
  started: number;
  attemptUntil: number;
  giveUpAt: number;
  /** When to try again after a refusal; 0 when an answer is awaited. */
  retryAt: number;
  /** When its timer event comes; 0 without one. */
  timer: number;
}

/** The load: clients with sessions, retries and redirects, as the protocol's family allows. */
export class Clients {
  readonly columns: OperationColumns = { intended: [], ended: [], status: [], read: [], home: [] };
  readonly history: HistoryOperation[] = [];
  completed = 0;
  failed = 0;
  unknown = 0;
  /** Arrivals that found too many outstanding. */
  shed = 0;
  /** Whether new operations begin. */
  active = true;
  /** Sees what is asked, by the operation's number, and what it came to where histories are kept; for an observer's own. */
  onBegin: ((operation: number, input: Operation) => void) | undefined;
  onEnd: ((operation: number, output: Output | undefined) => void) | undefined;
  readonly #simulation: Simulation;
  readonly #workload: Workload;
  readonly #random: RandomStream;
  readonly #behaviour: RandomStream;
  readonly #clients: Client[] = [];
  readonly #bySession: number[] = [];
  /** Idle clients of an open loop, by home. */
  readonly #idle: number[][];
  /** Idle clients that ask what they are told to, by home. */
  readonly #idleTold: number[][];
  readonly #keys: string[] = [];
  readonly #retries: boolean;
  readonly #scale: number;
  #sessions = 0;
  #started = 0;
  #pending = 0;
  /** Numbers invocations and answers in their order: sharper than times, which may be equal. */
  #historyEvents = 0;

  constructor(
    simulation: Simulation,
    workload: Workload,
    random: { workload: RandomStream; behaviour: RandomStream },
  ) {
    if ((workload.rate === undefined) === (workload.clients === undefined)) {
      throw new RangeError('a workload has either a rate (open loop) or a number of clients (closed loop)');
    }
    this.#simulation = simulation;
    this.#idle = Array.from({ length: simulation.nodes.length + 1 }, () => []);
    this.#idleTold = Array.from({ length: simulation.nodes.length + 1 }, () => []);
    this.#workload = workload;
    this.#random = random.workload;
    this.#behaviour = random.behaviour;
    this.#scale = simulation.topology.timeScale * 1000;
    // A replicated log finds a command sent twice by its session; in atomic commitment a second try would be a second transaction.
    this.#retries = simulation.options.protocol.family === 'replicated-log';
  }

  /** Operations begun and not ended. */
  get pending(): number {
    return this.#pending;
  }

  /** Whether all that the workload asks for has been asked and ended. */
  get idle(): boolean {
    return this.#pending === 0 && this.#started >= (this.#workload.operations ?? Number.POSITIVE_INFINITY);
  }

  start(): void {
    const { clients, rate, quietMilliseconds } = this.#workload;
    const begin = Math.round((quietMilliseconds ?? 0) * this.#scale);
    if (rate !== undefined) this.#nextArrival(begin);
    for (let i = 0; i < (clients ?? 0); i++) {
      const client = this.#client();
      if (begin === 0) this.#begin(client, this.#simulation.now);
      else this.#beginAt(client, begin);
    }
  }

  indexOf(session: number): number {
    return this.#bySession[session] ?? -1;
  }

  homeOf(index: number): NodeId {
    return this.#clients[index]!.home;
  }

  /** One more operation, by a fresh client, outside the workload: does the cluster still answer? True once it has, false once it failed, null before. */
  probe(home: NodeId): () => boolean | null {
    const client = this.#client(home);
    this.#begin(client, this.#simulation.now);
    const operation = client.operation;
    return () => {
      const status = this.columns.status[operation - 1];
      return status === STATUS.pending ? null : status === STATUS.ok;
    };
  }

  /** One request, outside the workload, by an idle client beside `home` or a new one. */
  ask(home: NodeId, operation: Operation): void {
    const index = this.#idleTold[home]!.pop();
    const client = index === undefined ? this.#client(home, true) : this.#clients[index]!;
    this.#beginWith(client, this.#simulation.now, operation);
  }

  onArrival(): void {
    if (!this.active) return;
    const { place } = this.#workload;
    // Drawn, not dealt to whoever is idle: a place whose clients wait gets no fewer arrivals than another.
    const home = typeof place === 'number' ? place : this.#random.below(this.#simulation.nodes.length) + 1;
    const index = this.#idle[home]!.pop();
    if (index !== undefined) this.#begin(this.#clients[index]!, this.#simulation.now);
    else if (this.#clients.length < OUTSTANDING) this.#begin(this.#client(home), this.#simulation.now);
    else this.shed++;
    this.#nextArrival(this.#simulation.now);
  }

  #nextArrival(after: number): void {
    if (this.#exhausted) return;
    const mean = 1_000_000 / this.#workload.rate!;
    this.#simulation.scheduleArrival(after + Math.max(1, Math.round(mean * this.#random.exponential())));
  }

  get #exhausted(): boolean {
    return this.active && this.#started >= (this.#workload.operations ?? Number.POSITIVE_INFINITY);
  }

  #client(home?: NodeId, told = false): Client {
    const index = this.#clients.length;
    const nodes = this.#simulation.nodes.length;
    const place = this.#workload.place;
    const at = home ?? (typeof place === 'number' ? place : (index % nodes) + 1);
    const client: Client = {
      index,
      session: 0,
      sequence: 0,
      home: at,
      told,
      target: at,
      operation: 0,
      input: undefined,
      request: undefined,
      started: 0,
      attemptUntil: 0,
      giveUpAt: 0,
      retryAt: 0,
      timer: 0,
    };
    this.#clients.push(client);
    this.#openSession(client);
    return client;
  }

  #openSession(client: Client): void {
    client.session = ++this.#sessions;
    client.sequence = 0;
    this.#bySession[client.session] = client.index;
  }

  // ---- one operation --------------------------------------------------------------------------------------------------------

  #begin(client: Client, intended: number): void {
    if (this.#exhausted) return;
    this.#started++;
    this.#beginWith(client, intended, this.#drawOperation(this.columns.intended.length + 1));
  }

  #beginWith(client: Client, intended: number, input: Operation): void {
    this.#pending++;
    const { columns } = this;
    const operation = columns.intended.length + 1;
    client.operation = operation;
    client.sequence++;
    client.input = input;
    this.onBegin?.(operation, input);
    const read = client.input.kind === 'get';
    columns.intended.push(intended);
    columns.ended.push(Number.POSITIVE_INFINITY);
    columns.status.push(STATUS.pending);
    columns.read.push(read ? 1 : 0);
    columns.home.push(client.home);
    client.request = {
      kind: read ? 'read' : 'write',
      client: client.session,
      sequence: client.sequence,
      command: encodeCommand({ client: client.session, sequence: client.sequence, operation: client.input }),
      participants: EVERYONE,
    };
    const { now } = this.#simulation;
    client.started = ++this.#historyEvents;
    client.giveUpAt = now + GIVE_UP_MILLISECONDS * this.#scale;
    this.#simulation.trace.add(Kind.invoke, client.session, operation, client.home);
    if (client.told) client.target = client.home;
    else if (this.#workload.place === 'leader') client.target = this.#simulation.leader() ?? client.target;
    this.#attempt(client);
  }

  /** The name of a key; made once, as each is asked for again and again. */
  #key(number: number): string {
    this.#keys[number] ??= `k${number}`;
    return this.#keys[number];
  }

  #drawOperation(operation: number): Operation {
    const { keys, reads, writes, valueBytes } = this.#workload;
    const random = this.#random;
    const key = this.#key(random.below(keys));
    if (reads > 0 && random.next() < reads) return { kind: 'get', key };
    const value = `v${operation}`.padEnd(valueBytes, '.');
    const draw = writes === 'put' ? 0 : random.below(10);
    if (draw < 6) return { kind: 'put', key, value };
    if (draw < 8) return { kind: 'append', key, value: `+${operation}` };
    if (draw < 9) return { kind: 'cas', key, expected: null, value };
    return { kind: 'delete', key };
  }

  #attempt(client: Client): void {
    const simulation = this.#simulation;
    client.retryAt = 0;
    client.attemptUntil = simulation.now + ATTEMPT_MILLISECONDS * this.#scale;
    this.#arm(client, this.#deadline(client));
    const home = this.#workload.place === 'leader' && !client.told ? client.target : client.home;
    simulation.trace.add(Kind.ask, client.session, client.operation, client.target);
    simulation.sendRequest(home, client.target, client.request!, client.operation);
  }

  /** `node` says that it leads now. */
  onLeader(node: NodeId): void {
    if (this.#workload.attentive !== true) return;
    for (let index = 0; index < this.#clients.length; index += 2) {
      const client = this.#clients[index]!;
      client.target = node;
      if (client.operation === 0) {
        if (this.active && client.retryAt !== 0) this.#begin(client, this.#simulation.now);
      } else if (this.#mayRetry(client)) this.#attempt(client);
    }
  }

  /** An answer that comes after its client has given up, to another command or to the session it had then, is void. */
  onResponse(session: number, node: NodeId, sequence: number, response: Response): void {
    const client = this.#clients[this.#bySession[session]!]!;
    if (client.operation === 0 || client.session !== session || client.sequence !== sequence) return;
    const { trace } = this.#simulation;
    const status = response.status === 'ok' ? 0 : trace.id(response.status);
    trace.add(Kind.answer, client.session, client.operation, node, status);
    switch (response.status) {
      case 'ok':
        client.target = node;
        this.#answered(client, response.result);
        return;
      case 'aborted':
      case 'unsupported':
        this.#end(client, STATUS.failed);
        return;
      case 'unknown':
        this.#end(client, STATUS.unknown);
        return;
      case 'not-leader':
        if (response.leader !== null && response.leader !== node) {
          client.target = response.leader;
          this.#attempt(client);
          return;
        }
        this.#retryLater(client);
        return;
      case 'busy':
      case 'stopped':
        this.#retryLater(client);
        return;
      default:
        response satisfies never;
    }
  }

  #answered(client: Client, bytes: Uint8Array): void {
    if (!this.#workload.history) {
      this.#end(client, STATUS.ok);
      return;
    }
    const { status, value } = decodeResult(bytes);
    // A session that went on or was dropped: what came of this command is not known any more.
    if (status === 'ok' || status === 'mismatch') this.#end(client, STATUS.ok, { status, value });
    else this.#end(client, STATUS.unknown);
  }

  /** Nobody to redirect to, or too much to do: try the next node after a random pause. */
  #retryLater(client: Client): void {
    client.target = (client.target % this.#simulation.nodes.length) + 1;
    const pause = (0.5 + this.#behaviour.next()) * BACKOFF_MILLISECONDS * this.#scale;
    client.retryAt = Math.round(this.#simulation.now + pause);
    this.#arm(client, client.retryAt);
  }

  #deadline(client: Client): number {
    return this.#mayRetry(client) ? Math.min(client.attemptUntil, client.giveUpAt) : client.giveUpAt;
  }

  /** Reads have no effect and may always be asked again. */
  #mayRetry(client: Client): boolean {
    return this.#retries || client.input!.kind === 'get';
  }

  #arm(client: Client, at: number): void {
    if (client.timer !== 0 && client.timer <= at) return;
    client.timer = at;
    this.#simulation.scheduleClientTimer(client.index, at);
  }

  onTimer(index: number): void {
    const client = this.#clients[index]!;
    const { now } = this.#simulation;
    if (client.timer === 0 || now < client.timer) return;
    client.timer = 0;
    if (client.operation === 0) {
      if (client.retryAt !== 0 && this.active) this.#begin(client, now); // its think time is over
      return;
    }
    if (now >= client.giveUpAt) {
      this.#end(client, client.input!.kind === 'get' ? STATUS.failed : STATUS.unknown);
    } else if (client.retryAt !== 0 && now >= client.retryAt) {
      this.#attempt(client);
    } else if (client.retryAt === 0 && now >= client.attemptUntil && this.#mayRetry(client)) {
      client.target = (client.target % this.#simulation.nodes.length) + 1;
      this.#attempt(client);
    } else {
      this.#arm(client, client.retryAt !== 0 ? client.retryAt : this.#deadline(client));
    }
  }

  #end(client: Client, status: number, output?: Output): void {
    const simulation = this.#simulation;
    const { columns } = this;
    const operation = client.operation;
    columns.ended[operation - 1] = simulation.now;
    columns.status[operation - 1] = status;
    simulation.trace.add(Kind.return, client.session, operation, status);
    this.onEnd?.(operation, output);
    this.#pending--;
    if (status === STATUS.ok) this.completed++;
    else if (status === STATUS.failed) this.failed++;
    else this.unknown++;
    if (this.#workload.history) this.#record(client, status, output);
    client.operation = 0;
    client.retryAt = 0;
    if (status === STATUS.unknown) this.#openSession(client); // what was asked may still happen, so this session is never used again
    this.#next(client, columns.intended[operation - 1] === simulation.now);
  }

  /** An operation that took no time at all is followed by the next a little later, or virtual time would stand still. */
  #next(client: Client, tookNoTime: boolean): void {
    if (client.told) {
      this.#idleTold[client.home]!.push(client.index);
      return;
    }
    if (!this.active) return;
    if (this.#workload.rate !== undefined) {
      this.#idle[client.home]!.push(client.index);
      return;
    }
    const { thinkMilliseconds: think = 0, bursts } = this.#workload;
    const { now } = this.#simulation;
    if (think === 0 && !tookNoTime && bursts === undefined) {
      this.#begin(client, now);
      return;
    }
    const pause = Math.round(think * 1000 * this.#behaviour.exponential());
    this.#beginAt(client, this.#inBurst(now + Math.max(1, pause)));
  }

  /** The first time from `at` on that lies in a burst. */
  #inBurst(at: number): number {
    const { bursts } = this.#workload;
    if (bursts === undefined) return at;
    const period = (bursts.milliseconds + bursts.pauseMilliseconds) * 1000;
    return at % period < bursts.milliseconds * 1000 ? at : Math.ceil(at / period) * period;
  }

  /** An idle client's next operation begins at this time. */
  #beginAt(client: Client, at: number): void {
    client.retryAt = at;
    client.timer = 0;
    this.#arm(client, at);
  }

  /** Operations still open when the run ends belong into the history too. */
  recordOpen(): void {
    for (const client of this.#clients) {
      if (client.operation !== 0 && this.#workload.history) this.#record(client, STATUS.unknown);
    }
  }

  #record(client: Client, status: number, output?: Output): void {
    const { key, ...input } = client.input!;
    this.history.push({
      process: client.session,
      key,
      input,
      ...(output === undefined ? {} : { output }),
      start: client.started,
      end: status === STATUS.unknown ? Number.POSITIVE_INFINITY : ++this.#historyEvents,
      status: status === STATUS.ok ? 'ok' : status === STATUS.failed ? 'fail' : 'unknown',
    });
  }
}

const EVERYONE: readonly NodeId[] = [];
