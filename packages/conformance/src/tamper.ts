/**
 * Runs `act` in a world whose wall clock and `Math.random` say something else than usual, and each time the same: what a
 * deterministic run must not notice.
 */
export function onTamperedGlobals<T>(act: () => T): T {
  const { now } = Date;
  const { random } = Math;
  const monotonic = performance.now;
  let tick = 0;
  Date.now = () => 86_400_000 * ++tick;
  Math.random = () => (++tick % 97) / 97;
  performance.now = () => 1e9 - ++tick * 1000;
  try {
    return act();
  } finally {
    Date.now = now;
    Math.random = random;
    performance.now = monotonic;
  }
}
