import type { Input, Operation, Output } from '../history.ts';

/** Makes operations of invocations and completions in the order in which they happened, numbered from 0. */
export class HistoryBuilder {
  readonly #operations: Operation[] = [];
  readonly #open = new Map<
    number,
    { readonly input: Input; readonly key: string | undefined; readonly start: number }
  >();
  #events = 0;

  /** An operation that is still open then stays of unknown outcome: its process lost track of it. */
  invoke(process: number, input: Input, key?: string): void {
    this.#close(process, 'unknown');
    this.#open.set(process, { input, key, start: this.#events++ });
  }

  /** @throws SyntaxError where the process has no open operation; so do the others. */
  ok(process: number, output: Output): void {
    this.#known(process);
    this.#close(process, 'ok', output);
  }

  fail(process: number): void {
    this.#known(process);
    this.#close(process, 'fail');
  }

  unknown(process: number): void {
    this.#known(process);
    this.#close(process, 'unknown');
  }

  /** Whether the process has an open operation. */
  has(process: number): boolean {
    return this.#open.has(process);
  }

  /** The history; what is still open is of unknown outcome. */
  finish(): Operation[] {
    for (const process of [...this.#open.keys()]) this.#close(process, 'unknown');
    return this.#operations.sort((a, b) => a.start - b.start);
  }

  #known(process: number): void {
    if (!this.#open.has(process))
      throw new SyntaxError(`process ${process} completes what it did not invoke`);
  }

  #close(process: number, status: Operation['status'], output?: Output): void {
    const open = this.#open.get(process);
    if (open === undefined) return;
    this.#open.delete(process);
    const { input, key, start } = open;
    this.#operations.push({
      process,
      ...(key === undefined ? {} : { key }),
      input,
      ...(output === undefined ? {} : { output }),
      start,
      end: status === 'unknown' ? Number.POSITIVE_INFINITY : this.#events++,
      status,
    });
  }
}
