import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { takeChild } from '@quorate/cluster';

const run = promisify(execFile);
const STOP_MILLISECONDS = 5_000;

/** A program that serves until it is told to stop. */
export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whom it runs as. Default: this process's user. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** What makes it stop at once, cleaning up whatever it started. Default SIGKILL. */
  readonly stopSignal?: 'SIGKILL' | 'SIGQUIT' | 'SIGTERM';
}

/** A running program. It does not outlive this process, not even where that is killed, if the system has `setpriv`. */
export class Program {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #stopSignal: NodeJS.Signals;
  #output = '';
  #isUp = true;

  constructor({ command, args, cwd, env, user, stopSignal = 'SIGKILL' }: ProgramOptions) {
    const setpriv = findProgram('setpriv');
    const wrapper = ['--pdeathsig', stopSignal.slice(3), '--', command];
    const child = spawn(setpriv ?? command, [...(setpriv === null ? [] : wrapper), ...args], {
      cwd,
      ...user,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // a group of its own: Ctrl-C on the terminal is for us to hear
    });
    this.#child = child;
    this.#stopSignal = stopSignal;
    takeChild(child, stopSignal);
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (text) => {
        this.#output = `${this.#output}${text}`.slice(-4000);
      });
    child.on('error', (error) => {
      this.#output = error.message;
    });
    this.pid = child.pid ?? -1;
    this.#ended = new Promise((resolve) => {
      child.on(child.pid === undefined ? 'error' : 'close', () => {
        this.#isUp = false;
        resolve();
      });
    });
  }

  get up(): boolean {
    return this.#isUp;
  }

  /** The end of what it has printed. */
  get output(): string {
    return this.#output.trim();
  }

  async stop(): Promise<void> {
    if (!this.#isUp) return;
    this.#child.kill(this.#stopSignal);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MILLISECONDS);
    await this.#ended;
    clearTimeout(timer);
  }
}

/** Asks until the answer is not null. @throws Error where it does not come in time, or a program has ended; its last words say why */
export async function waitFor<T>(
  what: string,
  programs: readonly Program[],
  ask: () => Promise<T | null>,
  milliseconds = 30_000,
): Promise<T> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const dead = programs.find(({ up }) => !up);
    if (dead !== undefined) throw new Error(`${what} ended: ${lastWords(dead.output)}`);
    const answer = await ask().catch(() => null);
    if (answer !== null) return answer;
    if (performance.now() > end) throw new Error(`${what} does not answer within ${milliseconds / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function lastWords(output: string): string {
  return output.split('\n').slice(-3).join(' | ') || 'it said nothing';
}

/** The address of a module of this folder as a plain Node can load it: from source, as tests run, the built file. */
export function moduleUrl(file: string): string {
  const fromSource = import.meta.url.endsWith('.ts');
  return new URL(fromSource ? `../dist/peers/${file}` : file, import.meta.url).href;
}

/** What a program prints, or null where it can't be run. */
export async function outputOf(command: string, args: readonly string[]): Promise<string | null> {
  return run(command, [...args]).then(
    ({ stdout }) => stdout,
    () => null,
  );
}

/** The path of a program, or null where there is none. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {} // not here: the next one
  }
  return null;
}
