import type { AnyProtocol, Context, Message, Ports, Replica, Request } from '@quorate/interface';
import { MemoryDisk, MemoryJournal, MemorySnapshotStore } from '@quorate/log/memory';
import { KeyValueStore } from '@quorate/state-machine';
import { Trace } from '@quorate/trace';
import { Driver, type DriverSettings, type Response, type World } from '../src/index.ts';

export type Reply = { client: number; sequence: number; response: Response };

/** A driver in a world without time: writes become durable when the test says so. */
export class TestWorld implements World {
  readonly sent: { to: number; message: Message }[] = [];
  readonly replies: Reply[] = [];
  readonly trace = new Trace('full');
  readonly pendingWrites: ((error?: Error) => void)[] = [];
  haltedWith: { why: Error; kind: string } | undefined;
  time = 0;
  driver: Driver;
  ports!: Ports<Message, string, unknown>;

  constructor(
    replica: (ports: Ports<Message, string, unknown>) => Partial<Replica<Message, string, unknown>>,
    options: {
      disk?: MemoryDisk;
      fifo?: boolean;
      family?: AnyProtocol['family'];
      settings?: Partial<DriverSettings>;
    } = {},
  ) {
    const schedule = (_kind: string, _bytes: number, done: (error?: Error) => void) =>
      this.pendingWrites.push(done);
    const disk = options.disk ?? new MemoryDisk();
    this.driver = new Driver({
      protocol: scripted(replica, options.family ?? 'replicated-log', options.fifo ?? false, (ports) => {
        this.ports = ports;
      }),
      id: 1,
      members: { voters: [1, 2], learners: [], observers: [] },
      knobs: {},
      journal: new MemoryJournal(disk, schedule),
      snapshots: new MemorySnapshotStore(disk, schedule),
      machine: new KeyValueStore(),
      world: this,
      trace: this.trace,
      settings: options.settings ?? {},
    });
    this.driver.start();
    this.driver.settle();
  }

  /** Lets every write that is under way finish, and those that follow from it. */
  diskDone(error?: Error): void {
    while (this.pendingWrites.length > 0) this.pendingWrites.shift()!(error);
  }

  transmit(to: number, message: Message): void {
    this.sent.push({ to, message });
  }
  wakeAt(): void {}
  respond(client: number, sequence: number, response: Response): void {
    this.replies.push({ client, sequence, response });
  }
  connect(): void {}
  now(): number {
    return this.time;
  }
  random(): number {
    return 0.5;
  }
  halted(why: Error, kind: string): void {
    this.haltedWith = { why, kind };
  }
}

function scripted(
  replica: (ports: Ports<Message, string, unknown>) => Partial<Replica<Message, string, unknown>>,
  family: AnyProtocol['family'],
  fifoLinks: boolean,
  seen: (ports: Ports<Message, string, unknown>) => void,
): AnyProtocol {
  return {
    name: 'scripted',
    title: 'Scripted',
    family,
    source: 'none',
    assumes: { fifoLinks, synchrony: false, noPartitions: false },
    guarantees: [],
    progress: 'majority',
    knobs: {},
    invariants: [],
    costs: () => ({
      messagesPerDecision: 0,
      delaysPerDecision: 0,
      forcedWritesPerDecision: 0,
      forcedWritesInAll: 0,
      source: 'none',
    }),
    initial: { number: 0 },
    observe: () => ({ role: 'none', epoch: 0, leader: null, details: {} }),
    create: ({ ports }: Context<Message, string, unknown>) => {
      seen(ports);
      return {
        state: {},
        start: () => {},
        onMessage: () => {},
        onTimer: () => {},
        onRequest: () => {},
        onPrepared: () => {},
        onLink: () => {},
        onSnapshot: () => {},
        settle: () => {},
        ...replica(ports),
      };
    },
  };
}

export function request(kind: Request['kind'], command: Uint8Array): Request {
  return { kind, client: command[0]!, sequence: command[4]!, command, participants: [] };
}
