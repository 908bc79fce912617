import type { Output } from '@quorate/checkers';
import { NO_BYTES, type NodeId } from '@quorate/interface';
import { decodeResult, encodeCommand, type Operation } from '@quorate/state-machine';
import { type AskingOptions, Connections } from './connections.ts';
import type { Members } from './members.ts';
import type { PutWriter } from './put-writer.ts';
import { type EndHandler, Session } from './session.ts';

/** What a load asks: a cluster of ours, or anything else that keeps keys and values. */
export interface LoadTarget {
  /** The load's `index`th client, always the same one. */
  client(index: number): LoadClient;
  /** What the answer to an operation says, for a history. A target without it has no histories. */
  readonly outputOf?: (result: Uint8Array) => Output;
  close(): Promise<void>;
}

/** One client of a load: one operation at a time. */
export interface LoadClient {
  /** Whom it asks where nobody stands out. */
  readonly home: NodeId;
  /** Has not been told yet how its operation ended. */
  readonly busy: boolean;
  /** Asks. `done` is called once, later. @param now the time, as `performance.now` has it */
  ask(operation: Operation, done: EndHandler, now: number): void;
  /** Puts the value `v<n>…` on the `key`th key, as `puts` writes it. A client without it is told by `ask`. */
  put?(puts: PutWriter, key: number, n: number, done: EndHandler, now: number): void;
}

/** Where a process finds a target: a module exports, under that name, a function that makes one of these options, at once or as a promise. */
export interface TargetModule {
  /** Package name or file URL. */
  readonly module: string;
  readonly exportName: string;
  /** Plain data. */
  readonly options: unknown;
}

/** A served cluster, and how it is asked. */
export interface ClusterTargetOptions extends AskingOptions {
  readonly members: Members;
  /** Connections to each replica that is asked. Default 4. */
  readonly connections?: number;
}

/** A served cluster as the target of a load. */
export function clusterTarget(options: ClusterTargetOptions): LoadTarget {
  const connections = new Connections(options.members, options.connections ?? 4, options);
  const clients: LoadClient[] = [];
  return {
    client(index) {
      clients[index] ??= new SessionClient(new Session(connections, index), connections.homeOf(index));
      return clients[index];
    },
    outputOf: (result) => decodeResult(result) as Output,
    close: () => connections.close(),
  };
}

class SessionClient implements LoadClient {
  readonly home: NodeId;
  readonly #session: Session;
  #command: Uint8Array = NO_BYTES;

  constructor(session: Session, home: NodeId) {
    this.#session = session;
    this.home = home;
  }

  get busy(): boolean {
    return this.#session.busy;
  }

  ask(operation: Operation, done: EndHandler, now: number): void {
    const session = this.#session;
    const command = encodeCommand({ client: session.id, sequence: ++session.sequence, operation });
    session.ask(operation.kind === 'get' ? 'read' : 'write', command, done, now);
  }

  put(puts: PutWriter, key: number, n: number, done: EndHandler, now: number): void {
    const session = this.#session;
    this.#command = puts.write(this.#command, session.id, ++session.sequence, key, n);
    session.ask('write', this.#command, done, now);
  }
}
