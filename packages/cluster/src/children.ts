import type { ChildProcess } from 'node:child_process';

/** Processes that may be alive, with the signal that ends each. */
const alive = new Map<ChildProcess, NodeJS.Signals>();
let guarded = false;

/** From now on a process does not outlive this one, whatever ends this one in order (see also `takeTemporaryFolder` for signals). */
export function takeChild(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  guard();
  alive.set(child, signal);
  child.on('exit', () => alive.delete(child));
}

function guard(): void {
  if (guarded) return;
  guarded = true;
  process.on('exit', () => {
    for (const [child, signal] of alive) child.kill(signal);
  });
}
