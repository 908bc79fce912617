import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Family, NodeId } from '@quorate/interface';
import { takeChild } from './children.ts';
import type { ChildMessage, ParentMessage, ProcessOptions, ProcessStats } from './control.ts';
import type { ReplicaLogLine } from './replica.ts';
import type { RoleReport } from './replica-trace.ts';

/** What a child's owner wants to hear of it. */
interface ChildEvents {
  onLog(line: ReplicaLogLine): void;
  onRole(id: NodeId, report: RoleReport): void;
}

const STARTING: RoleReport = { role: 'starting', epoch: 0, leader: null };
/** From source, as tests run, the built file is what a plain Node can run. */
const SCRIPT = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../dist/serve-process.js' : './serve-process.js',
    import.meta.url,
  ),
);

/** One replica's process, from its start to its end. */
export class ReplicaProcess {
  readonly id: NodeId;
  role: RoleReport = STARTING;
  /** Resolves with its protocol's family once it listens. @throws Error with what kept it from that */
  readonly ready: Promise<Family>;
  /** Resolves when it is gone. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, (stats: ProcessStats | undefined) => void>();
  #call = 0;
  #stderr = '';
  #isUp = true;

  constructor(options: ProcessOptions, execArgv: readonly string[], events: ChildEvents) {
    this.id = options.id;
    const child = fork(SCRIPT, [JSON.stringify(options)], {
      execArgv: [...execArgv],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    takeChild(child);
    child.stderr!.on('data', (text) => {
      this.#stderr = `${this.#stderr}${text}`.slice(-4000);
    });
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.#isUp = false;
        for (const answer of this.#calls.values()) answer(undefined);
        resolve({ code, signal });
      });
    });
    this.ready = this.#listen(events);
    this.ready.catch(() => {}); // whoever waits for it hears of it
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get up(): boolean {
    return this.#isUp;
  }

  tell(message: ParentMessage): void {
    if (this.#isUp && this.#child.connected) this.#child.send(message, () => {});
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#isUp) this.#child.kill(signal);
  }

  /** Undefined where the process ends before it answers. */
  stats(): Promise<ProcessStats | undefined> {
    if (!this.#isUp) return Promise.resolve(undefined);
    const call = ++this.#call;
    return new Promise((resolve) => {
      this.#calls.set(call, resolve);
      this.tell({ type: 'stats', call });
    });
  }

  #listen(events: ChildEvents): Promise<Family> {
    return new Promise((resolve, reject) => {
      let failure = '';
      this.#child.on('message', (message: ChildMessage) => {
        switch (message.type) {
          case 'ready':
            resolve(message.family);
            break;
          case 'role':
            this.role = message.report;
            events.onRole(this.id, message.report);
            break;
          case 'log':
            events.onLog(message.line);
            break;
          case 'failed':
            failure = message.error;
            break;
          case 'stats':
            this.#calls.get(message.call)?.(message.stats);
            this.#calls.delete(message.call);
            break;
          default:
            message satisfies never;
        }
      });
      this.ended.then(({ code, signal }) => {
        const why = failure || this.#stderr.trim() || `ended with ${signal ?? `code ${code}`}`;
        reject(new Error(`node ${this.id} did not start: ${why}`));
      });
    });
  }
}
