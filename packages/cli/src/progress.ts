import type { Io } from './io.ts';

/** A line on standard error that says how far the work is, rewritten in place; silent where that is no terminal. */
export class ProgressLine {
  readonly #io: Io;
  readonly #began = performance.now();
  #shownAt = 0;
  #shown = false;

  constructor(io: Io) {
    this.#io = io;
  }

  /** @param share done, 0 to 1, or null where nobody can know */
  show(share: number | null, text: string): void {
    const now = performance.now();
    // What begins or ends may take long before there is more to tell.
    const edge = share === 0 || share === 1;
    if (!this.#io.terminal || (now - this.#shownAt < 100 && !edge)) return;
    this.#shownAt = now;
    this.#shown = true;
    const seconds = ((now - this.#began) / 1000).toFixed(0);
    const part = share === null ? '' : `${bar(share)} ${String(Math.floor(share * 100)).padStart(3)} %  `;
    const line = `${part}${seconds} s  ${text}`;
    this.#io.err(`\r\u001b[K${line.slice(0, this.#io.columns - 1)}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown) this.#io.err('\r\u001b[K');
    this.#shown = false;
  }
}

const WIDTH = 24;

function bar(share: number): string {
  const full = Math.min(WIDTH, Math.round(share * WIDTH));
  return `[${'='.repeat(full)}${' '.repeat(WIDTH - full)}]`;
}
