import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { takeChild } from './children.ts';
import type { LoadMessage, LoadOrder } from './load-process.ts';
import type { LoadResult } from './load-result.ts';
import type { TargetModule } from './load-target.ts';

/** From source, as tests run, the built file is what a plain Node can run. */
const SCRIPT = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/load-process.js' : './load-process.js', import.meta.url),
);

interface Call {
  readonly resolve: (result: LoadResult) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A process of its own that puts loads on one target, so that neither its compiled code nor its garbage is shared with whatever else is
 * measured, and its processor time is known.
 */
export class LoadProcess {
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, Call>();
  readonly #ended: Promise<void>;
  #call = 0;
  #stderr = '';
  #isUp = true;

  /**
   * Resolves when the target is open.
   * @param youngMebibytes room for young objects: what dies soon is then dead before the collector comes. A process with less is sooner as large as
   * it gets, which matters to whoever watches its memory
   * @throws Error with what kept it from that
   */
  static async start(target: TargetModule, youngMebibytes = 64): Promise<LoadProcess> {
    const started = new LoadProcess(target, youngMebibytes);
    await started.#ready();
    return started;
  }

  private constructor(target: TargetModule, youngMebibytes: number) {
    const child = fork(SCRIPT, [JSON.stringify(target)], {
      execArgv: [`--max-semi-space-size=${youngMebibytes}`],
      serialization: 'advanced', // histories hold Infinity
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    takeChild(child);
    child.stderr!.on('data', (text) => {
      this.#stderr = `${this.#stderr}${text}`.slice(-4000);
    });
    child.on('message', (message: LoadMessage) => this.#onMessage(message));
    this.#ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.#isUp = false;
        const why = this.#stderr.trim() || `ended with ${signal ?? `code ${code}`}`;
        for (const { reject } of this.#calls.values()) reject(new Error(`the load's process failed: ${why}`));
        this.#calls.clear();
        resolve();
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Puts one load on the target. One at a time. @throws Error where the options contradict one another, or the process ends */
  run(work: LoadOrder['work']): Promise<LoadResult> {
    return new Promise((resolve, reject) => {
      if (!this.#isUp) throw new Error("the load's process has ended");
      const call = ++this.#call;
      this.#calls.set(call, { resolve, reject });
      const order: LoadOrder = { call, work };
      this.#child.send(order, () => {});
    });
  }

  /** Ends the process. Its connections go with it. */
  stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    return this.#ended;
  }

  #ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child.on('message', (message: LoadMessage) => {
        if (message.type === 'ready') resolve();
        if (message.type === 'failed') reject(new Error(message.error));
      });
      this.#ended.then(() => reject(new Error(`the load's process did not start: ${this.#stderr.trim()}`)));
    });
  }

  #onMessage(message: LoadMessage): void {
    if (message.type === 'ready' || message.type === 'failed') return;
    const call = this.#calls.get(message.call);
    switch (message.type) {
      case 'done':
        call?.resolve(message.result);
        break;
      case 'refused':
        call?.reject(new Error(message.error));
        break;
      default:
        message satisfies never;
    }
    this.#calls.delete(message.call);
  }
}
