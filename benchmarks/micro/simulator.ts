import { raft } from '@quorate/raft';
import { DEFAULT_WORKLOAD, Simulation } from '@quorate/simulator';

/*
 * The simulator's speed on one core: five Raft nodes under steady load, every invariant checked after every step. Prints delivered messages
 * (requests and answers of clients included) per second of wall time, and per decided write. Argument: counted (default) or full.
 */
const RATE = 20_000;
const VALUE_BYTES = 16;
const QUIET = 1_000_000;
const SLICE = 2_000_000;
const SLICES = 6;

const mode = process.argv[2] === 'full' ? 'full' : 'counted';
const simulation = new Simulation({
  protocol: raft,
  nodes: 5,
  seed: 1,
  milliseconds: 0,
  trace: mode,
  workload: {
    ...DEFAULT_WORKLOAD,
    rate: RATE,
    quietMilliseconds: QUIET / 1000,
    keys: 100,
    valueBytes: VALUE_BYTES,
    reads: 0,
    writes: 'put',
    history: false,
  },
});
simulation.start();
simulation.runUntil(QUIET);

const rates: number[] = [];
const shares: number[] = [];
for (let slice = 1; slice <= SLICES; slice++) {
  const [delivered, decided] = [simulation.delivered, simulation.checks.decidedSlots];
  const began = performance.now();
  simulation.runUntil(QUIET + slice * SLICE);
  const seconds = (performance.now() - began) / 1000;
  rates.push((simulation.delivered - delivered) / seconds);
  shares.push((simulation.delivered - delivered) / (simulation.checks.decidedSlots - decided));
}
if (simulation.checks.violation !== null) throw new Error(simulation.checks.violation.detail);

const middle = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const rate = Math.round(middle(rates.slice(1))); // the first slice is warm-up
console.log(
  `Simulator: 5-node Raft, ${RATE.toLocaleString('en-US')} writes of ${VALUE_BYTES} bytes a second offered, invariants on, ${mode} trace`,
);
console.log(`  ${rate.toLocaleString('en-US')} delivered messages per second of wall time`);
console.log(`  ${middle(shares).toFixed(2)} delivered messages per decided write`);
