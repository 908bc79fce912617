import type { Output } from '@quorate/checkers';
import type { ResolvedEvent } from '@quorate/faults';
import type { AnyProtocol, Epoch, Message, NodeId, Observation, Slot } from '@quorate/interface';
import type { Operation } from '@quorate/state-machine';
import type { SimulatedNode } from './node.ts';
import type { SimulationOptions } from './options.ts';
import { runThrough, type SimulationResult, type Verdict } from './simulate.ts';
import type { Simulation } from './simulation.ts';

/** A replicated log in short. */
export interface LogImage {
  /** The first slot that is still there. */
  readonly first: Slot;
  /** Entries of one epoch after another: from which slot on, and the epoch. The first begins at `first`. */
  readonly runs: readonly (readonly [from: Slot, epoch: Epoch])[];
  /** The last slot; `first - 1` where the log is empty. */
  readonly last: Slot;
  /** The last slot that would survive a crash. */
  readonly durable: Slot;
}

/** How a node is from one event on. */
export interface Frame {
  /** Events in the trace when this began to be so: it holds from the event before that position on. */
  readonly events: number;
  /** What the protocol says of its state; null while the node is down. */
  readonly observation: Observation | null;
  /** Replicated logs only. */
  readonly log: LogImage | null;
}

/** What a client wanted, and what it came to; undefined while it is open, or where histories are not kept. */
export interface RecordedOperation {
  readonly input: Operation;
  output: Output | undefined;
}

/** Keeps, beside a full trace, what a reader of it wants to look up: each message, and how each node was at each moment. */
export class Recorder {
  /** By the message's number in the trace. */
  readonly messages: (Message | undefined)[] = [];
  /** By node; frames in order, the first before all events. */
  readonly frames: Frame[][] = [];
  /** By the operation's number. */
  readonly operations: (RecordedOperation | undefined)[] = [];
  /** What each fault was when it began, by its place in the plan: whom it hit, where the plan has a role. */
  readonly faults = new Map<number, ResolvedEvent>();
  readonly #simulation: Simulation;
  readonly #protocol: AnyProtocol;
  readonly #hasLog: boolean;

  /** @param simulation not yet started, with a full trace */
  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#protocol = simulation.options.protocol;
    this.#hasLog = this.#protocol.family !== 'atomic-commit';
    for (const { id } of simulation.nodes) this.frames[id] = [];
    simulation.onStep = (node) => this.#see(node);
    simulation.network.onSend = (id, message) => {
      this.messages[id] = message;
    };
    simulation.onFault = (index, event) => this.faults.set(index, event);
    simulation.clients.onBegin = (operation, input) => {
      this.operations[operation] = { input, output: undefined };
    };
    simulation.clients.onEnd = (operation, output) => {
      const begun = this.operations[operation];
      if (begun !== undefined) begun.output = output;
    };
  }

  /** How a node was after the first `events` events of the trace; undefined before it started. */
  frameAt(node: NodeId, events: number): Frame | undefined {
    const frames = this.frames[node] ?? [];
    let low = 0;
    let high = frames.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (frames[middle]!.events <= events) low = middle + 1;
      else high = middle;
    }
    return frames[low - 1];
  }

  #see(node: SimulatedNode): void {
    const frames = this.frames[node.id]!;
    const last = frames.at(-1);
    const events = this.#simulation.trace.length;
    if (!node.up || node.driver === undefined) {
      if (last?.observation !== null) frames.push({ events, observation: null, log: null });
      return;
    }
    const observation = this.#protocol.observe(node.driver.replica.state);
    const log = this.#hasLog ? imageOf(node, last?.log ?? null) : null;
    if (last !== undefined && log === last.log && sameObservation(observation, last.observation)) return;
    frames.push({ events, observation, log });
  }
}

/** The log's image; the very same object where nothing changed. */
function imageOf(node: SimulatedNode, before: LogImage | null): LogImage {
  const { mainLog: log, durableLast: durable } = node.driver!;
  const { first, last, changedFrom } = log;
  const changed = before === null ? first : Math.max(first, Math.min(changedFrom, before.last + 1));
  if (before !== null && before.first === first && before.last === last && changedFrom > last) {
    return before.durable === durable ? before : { ...before, durable };
  }
  const runs = (before?.runs ?? []).filter(([from]) => from < changed);
  for (let slot = changed; slot <= last; slot++) {
    const epoch = log.epochAt(slot);
    if (runs.at(-1)?.[1] !== epoch) runs.push([slot, epoch]);
  }
  return { first, runs, last, durable };
}

function sameObservation(a: Observation, b: Observation | null): boolean {
  if (b === null || a.role !== b.role || a.epoch !== b.epoch || a.leader !== b.leader) return false;
  const names = Object.keys(a.details);
  if (names.length !== Object.keys(b.details).length) return false;
  return names.every((name) => a.details[name] === b.details[name]);
}

/** A whole run with everything that a reader may want to look up. Its verdicts are found when they are asked for. */
export interface Recording {
  readonly result: SimulationResult;
  readonly recorder: Recorder;
}

/**
 * Runs `simulate` with a full trace and a recorder. The trace hash is the same as without.
 * @param eventsMax give up when the trace gets longer: for runs that came from elsewhere
 * @throws RangeError then
 */
export function record(options: SimulationOptions, eventsMax = Number.POSITIVE_INFINITY): Recording {
  let recorder: Recorder | undefined;
  const { judge, ...run } = runThrough(
    { ...options, trace: 'full' },
    {
      begin: (simulation) => {
        recorder = new Recorder(simulation);
        const { onStep: see, clients } = simulation;
        const { onBegin: note } = clients;
        const bound = () => {
          if (simulation.trace.length > eventsMax) throw new RangeError(`more than ${eventsMax} events`);
        };
        simulation.onStep = (node) => {
          bound();
          see?.(node);
        };
        // while all nodes are down, clients go on alone
        clients.onBegin = (operation, input) => {
          bound();
          note?.(operation, input);
        };
      },
      everyMilliseconds: Number.POSITIVE_INFINITY,
      look: () => undefined,
    },
  );
  let verdicts: Verdict[] | undefined;
  const result: SimulationResult = {
    ...run,
    get verdicts() {
      verdicts ??= judge();
      return verdicts;
    },
  };
  return { result, recorder: recorder! };
}
