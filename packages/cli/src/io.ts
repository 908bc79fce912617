/** What a command may do to the world around it: the process in use, a test's stand-in otherwise. */
export interface Io {
  /** Writes to standard output: what was asked for, and nothing else. */
  out(text: string): void;
  /** Writes to standard error: what went wrong, and progress. */
  err(text: string): void;
  /** Whether standard error is a terminal: only there is progress shown. */
  readonly terminal: boolean;
  /** Width of the terminal, or of the paper. */
  readonly columns: number;
  /** Paths are relative to this. */
  readonly cwd: string;
  /** From now on Ctrl-C does not end the process but aborts this signal; a second one ends it. */
  interruptible(): AbortSignal;
}

/** How a command ends. */
export const EXIT = {
  /** Done, and every verdict as expected. */
  ok: 0,
  /** An unexpected verdict, or a failure of the program. */
  failed: 1,
  /** Bad usage. */
  usage: 2,
  /** No violation, but some verdict is unknown. */
  unknown: 3,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
} as const;

/** The user asked for something that cannot be done; the message names the flag or file, what is wrong, and what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The exit code that goes with verdicts. */
export function exitCodeOf(verdicts: readonly string[]): number {
  if (verdicts.includes('violated')) return EXIT.failed;
  return verdicts.includes('unknown') ? EXIT.unknown : EXIT.ok;
}
