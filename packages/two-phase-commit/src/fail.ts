/** Stops the replica: a broken rule must never turn into a wrong answer. The driver halts a replica that throws. */
export function fail(rule: string): never {
  throw new Error(`two-phase commit: ${rule}`);
}
