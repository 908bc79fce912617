import type { Input } from '@quorate/checkers';
import type { Operation } from '@quorate/state-machine';
import { BUCKET_MILLISECONDS, LOAD_STATUS, type LoadResult, Recorder } from './load-result.ts';
import { type ClusterTargetOptions, clusterTarget, type LoadClient, type LoadTarget } from './load-target.ts';
import { numberedValue, PutWriter } from './put-writer.ts';
import type { Ending } from './session.ts';

/** What to ask, and how fast: plain data. */
export interface LoadWork {
  /** Closed loop: so many clients, each with one operation after another. Exactly one of `clients` and `rate` is set. */
  readonly clients?: number;
  /** Open loop: arrivals per second (Poisson), whether or not earlier ones were answered. */
  readonly rate?: number;
  /** The measured time. Left out: until `stop`. */
  readonly milliseconds?: number;
  /** Before it, not measured. Default 0. */
  readonly warmUpMilliseconds?: number;
  /** Length of written values; they are unique and never shorter than their number. Default 128. */
  readonly valueBytes?: number;
  /** Number of keys, drawn uniformly. Default 1000. */
  readonly keys?: number;
  /** Share of reads, 0 to 1. Default 0. */
  readonly reads?: number;
  /** What writes are: `put` (the default), or a mix of put, append, compare-and-set and delete, which finds more bugs. */
  readonly writes?: 'put' | 'mixed';
  /** Open loop: no more operations than this are under way. Default 20,000. */
  readonly outstanding?: number;
  /** What keys begin with, so that several loads need not meet. Default `k`. */
  readonly keyPrefix?: string;
  /** Equal seeds give equal arrivals, keys and kinds. Default 1. */
  readonly seed?: number;
  /** Keep the history for checkers. Off for long measurements. */
  readonly history?: boolean;
  /** Keep a row for each operation. Off for long measurements. */
  readonly columns?: boolean;
  /** When the load ends, read every key once more, into the history too: what was acknowledged must be there. */
  readonly finalReads?: boolean;
}

/** A load on a served cluster, to which it opens connections of its own. */
export interface LoadOptions extends LoadWork, ClusterTargetOptions {}

/** A load on something that is open already, and stays so. */
export interface TargetLoadOptions extends LoadWork {
  readonly target: LoadTarget;
}

/** A client of the load and what it is doing. */
interface Asker {
  readonly client: LoadClient;
  /** Its name in the history; a new one after an operation whose outcome is unknown. */
  process: number;
  /** Noted only where there is a history. */
  input: Operation;
  intended: number;
  started: number;
  row: number;
  readonly done: (ending: Ending, result: Uint8Array) => void;
}

const IDLE: Operation = { kind: 'get', key: '' };
/** How many final reads are under way at a time. */
const FINAL_READERS = 64;

/** A running load. Begins at once. */
export class Load {
  /** Resolves when all is answered or given up. */
  readonly done: Promise<LoadResult>;
  readonly #options: Required<Pick<LoadWork, 'valueBytes' | 'keys' | 'reads' | 'writes' | 'keyPrefix'>> &
    LoadWork;
  readonly #target: LoadTarget;
  /** Whether this load opened it, and is to close it. */
  readonly #ownsTarget: boolean;
  readonly #recorder: Recorder;
  readonly #random: () => number;
  /** Where writes are puts and nobody wants to see them again. */
  readonly #puts: PutWriter | undefined;
  readonly #origin = performance.now();
  readonly #measureFrom: number;
  readonly #askers: Asker[] = [];
  readonly #idle: Asker[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #measureTo = Number.POSITIVE_INFINITY;
  /** Undefined before the measured time. */
  #cpuBefore: NodeJS.CpuUsage | undefined;
  #cpuSeconds = 0;
  #endedAt = 0;
  #active = true;
  #underWay = 0;
  #operations = 0;
  #processes = 0;
  #nextArrival = 0;
  #finish!: (result: LoadResult) => void;
  /** Keys that are still to be read; undefined before the load has ended. */
  #finalReads: string[] | undefined;

  /** @throws RangeError where the options contradict one another */
  constructor(options: LoadOptions | TargetLoadOptions) {
    const { clients, rate, warmUpMilliseconds = 0, milliseconds } = options;
    if ((rate === undefined) === (clients === undefined))
      throw new RangeError('a load has either a rate (open loop) or a number of clients (closed loop)');
    this.#options = { valueBytes: 128, keys: 1000, reads: 0, writes: 'put', keyPrefix: 'k', ...options };
    this.#ownsTarget = !('target' in options);
    this.#target = 'target' in options ? options.target : clusterTarget(options);
    if (options.history && this.#target.outputOf === undefined)
      throw new RangeError('this target has no histories');
    this.#recorder = new Recorder({ columns: options.columns ?? false, history: options.history ?? false });
    this.#random = randomStream(options.seed ?? 1);
    const { keyPrefix, valueBytes, writes } = this.#options;
    this.#puts =
      writes === 'put' && options.history !== true ? new PutWriter(keyPrefix, valueBytes) : undefined;
    this.#measureFrom = warmUpMilliseconds;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#timers.push(setInterval(() => this.#noteAge(), BUCKET_MILLISECONDS));
    if (warmUpMilliseconds === 0) this.#beginMeasuring();
    else this.#timers.push(setTimeout(() => this.#beginMeasuring(), warmUpMilliseconds));
    if (milliseconds !== undefined) {
      this.#measureTo = warmUpMilliseconds + milliseconds;
      this.#timers.push(setTimeout(() => this.stop(), this.#measureTo));
    }
    const now = this.#now();
    for (let i = 0; i < (clients ?? 0); i++) this.#begin(this.#newAsker(), now, now);
    if (rate !== undefined) this.#timers.push(setInterval(() => this.#arrive(), 1));
  }

  /** Operations that were carried out so far, in the measured time. */
  get completed(): number {
    return this.#recorder.ok;
  }

  /** Begins no more operations; resolves when those under way have ended. */
  stop(): Promise<LoadResult> {
    if (this.#active) {
      this.#active = false;
      this.#endedAt = this.#now();
      this.#measureTo = Math.min(this.#measureTo, this.#endedAt);
      this.#endMeasuring();
      for (const timer of this.#timers) clearTimeout(timer);
      if (this.#underWay === 0) this.#drained();
    }
    return this.done;
  }

  #now(): number {
    return performance.now() - this.#origin;
  }

  #beginMeasuring(): void {
    this.#cpuBefore = process.cpuUsage();
  }

  #endMeasuring(): void {
    if (this.#cpuBefore === undefined) return;
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    this.#cpuSeconds = (user + system) / 1e6;
  }

  #newAsker(): Asker {
    const index = this.#askers.length;
    const asker: Asker = {
      client: this.#target.client(index),
      process: this.#processes++,
      input: IDLE,
      intended: 0,
      started: 0,
      row: 0,
      done: (ending, result) => this.#end(asker, ending, result),
    };
    this.#askers.push(asker);
    return asker;
  }

  // ---- the open loop ----------------------------------------------------------------------------------------------------------

  /** Begins what was meant to start since the last time. */
  #arrive(): void {
    const { rate, outstanding = 20_000 } = this.#options;
    const now = this.#now();
    while (this.#nextArrival <= now && this.#active) {
      const asker = this.#idle.pop() ?? (this.#askers.length < outstanding ? this.#newAsker() : undefined);
      if (asker === undefined) this.#recorder.shed++;
      else this.#begin(asker, this.#nextArrival, now);
      this.#nextArrival -= (Math.log(1 - this.#random()) * 1000) / rate!;
    }
  }

  // ---- one operation ----------------------------------------------------------------------------------------------------------

  /** Draws an operation and asks for it. `now` and `intended` in milliseconds from the start of the load. */
  #begin(asker: Asker, intended: number, now: number): void {
    const { keys, reads, keyPrefix } = this.#options;
    const n = ++this.#operations;
    const key = Math.floor(this.#random() * keys);
    const { client } = asker;
    if (reads > 0 && this.#random() < reads)
      this.#ask(asker, { kind: 'get', key: `${keyPrefix}${key}` }, intended, now);
    else if (this.#puts !== undefined && client.put !== undefined) {
      this.#note(asker, false, intended, now);
      client.put(this.#puts, key, n, asker.done, now + this.#origin);
    } else this.#ask(asker, this.#drawWrite(`${keyPrefix}${key}`, n), intended, now);
  }

  #ask(asker: Asker, operation: Operation, intended: number, now: number): void {
    asker.input = operation;
    this.#note(asker, operation.kind === 'get', intended, now);
    asker.client.ask(operation, asker.done, now + this.#origin);
  }

  #note(asker: Asker, isRead: boolean, intended: number, now: number): void {
    this.#underWay++;
    asker.intended = intended;
    asker.started = now;
    asker.row = this.#recorder.begin(intended, isRead, asker.client.home);
  }

  #drawWrite(key: string, n: number): Operation {
    const { writes, valueBytes } = this.#options;
    const value = numberedValue(n, valueBytes);
    const draw = writes === 'put' ? 0 : this.#random();
    if (draw < 0.6) return { kind: 'put', key, value };
    if (draw < 0.8) return { kind: 'append', key, value: `+${n}` };
    if (draw < 0.9) return { kind: 'cas', key, expected: null, value };
    return { kind: 'delete', key };
  }

  #end(asker: Asker, ending: Ending, result: Uint8Array): void {
    const now = this.#now();
    const status =
      ending === 'ok' ? LOAD_STATUS.ok : ending === 'unknown' ? LOAD_STATUS.unknown : LOAD_STATUS.failed;
    const { intended, row } = asker;
    this.#underWay--;
    this.#recorder.end(row, status, intended, now, now >= this.#measureFrom && now <= this.#measureTo);
    if (this.#recorder.history !== undefined) this.#record(asker, ending, result, now);
    if (ending === 'unknown') asker.process = this.#processes++;
    if (this.#active) {
      if (this.#options.rate === undefined) this.#begin(asker, now, now);
      else this.#idle.push(asker);
    } else this.#readNext(asker);
  }

  #record(asker: Asker, ending: Ending, result: Uint8Array, now: number): void {
    const { process, input, started } = asker;
    const status = ending === 'ok' ? 'ok' : ending === 'unknown' ? 'unknown' : 'fail';
    const output = ending === 'ok' ? this.#target.outputOf!(result) : undefined;
    this.#recorder.history!.push({
      process,
      key: input.key,
      input: inputOf(input),
      ...(output === undefined ? {} : { output }),
      start: started * 1000,
      end: status === 'unknown' ? Number.POSITIVE_INFINITY : now * 1000,
      status,
    });
  }

  /** The age of the oldest operation under way, by which a stall shows while it lasts. */
  #noteAge(): void {
    const now = this.#now();
    let oldest = now;
    for (const { client, intended } of this.#askers) if (client.busy && intended < oldest) oldest = intended;
    this.#recorder.age(now, now - oldest);
  }

  // ---- the end ----------------------------------------------------------------------------------------------------------------

  #drained(): void {
    const { keys, keyPrefix, finalReads = false } = this.#options;
    if (!finalReads || this.#finalReads !== undefined) {
      this.#close();
      return;
    }
    this.#finalReads = Array.from({ length: keys }, (_, i) => `${keyPrefix}${i}`);
    while (this.#askers.length < FINAL_READERS) this.#newAsker();
    for (const asker of this.#askers.slice(0, FINAL_READERS)) this.#readNext(asker);
  }

  #readNext(asker: Asker): void {
    const key = this.#finalReads?.pop();
    if (key !== undefined) {
      const now = this.#now();
      this.#ask(asker, { kind: 'get', key }, now, now);
    } else if (this.#underWay === 0) this.#drained();
  }

  #close(): void {
    const seconds = Math.max(0, Math.min(this.#measureTo, this.#endedAt) - this.#measureFrom) / 1000;
    const result = this.#recorder.result(seconds, this.#endedAt, this.#cpuSeconds);
    if (this.#ownsTarget) this.#target.close().then(() => this.#finish(result));
    else this.#finish(result);
  }
}

/** Puts a load on something, from this process, until its time is over. */
export function runLoad(
  options: (LoadOptions | TargetLoadOptions) & { readonly milliseconds: number },
): Promise<LoadResult> {
  return new Load(options).done;
}

function inputOf(operation: Operation): Input {
  const { key: _, ...input } = operation;
  return input;
}

/** Numbers in [0, 1): Weyl sequence and a multiplicative mix (mulberry32). */
function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
