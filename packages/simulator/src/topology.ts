/** One-way link delays, and where replicas and clients stand. */
export interface Topology {
  readonly name: string;
  readonly regions: readonly string[];
  /** One-way delay between two regions in microseconds, [from][to]; the diagonal is the delay inside a region. */
  readonly delayMicroseconds: readonly (readonly number[])[];
  /** Mean of the exponentially distributed part added to each delay, microseconds. */
  readonly jitterMicroseconds: number;
  /** Bytes per microsecond (1 = 8 Mbit/s) of each directed link; Infinity where bandwidth does not matter. */
  readonly bytesPerMicrosecond: number;
  /** One-way delay between a client and a replica in its own region, microseconds; `null`: as between replicas. */
  readonly clientDelayMicroseconds: number | null;
  /** By how much timeouts are to be longer than a LAN's. */
  readonly timeScale: number;
}

/** One region: 100 µs one-way, exponential jitter of 20 µs, 10 Gbit/s. */
export const LAN: Topology = {
  name: 'lan',
  regions: ['lan'],
  delayMicroseconds: [[100]],
  jitterMicroseconds: 20,
  bytesPerMicrosecond: 1250,
  clientDelayMicroseconds: null,
  timeScale: 1,
};

/** Everything on one machine: 15 µs from process to process, which is mostly waking up, and no limit that would be met before the processors'. */
export const LOOPBACK: Topology = {
  name: 'loopback',
  regions: ['loopback'],
  delayMicroseconds: [[15]],
  jitterMicroseconds: 3,
  bytesPerMicrosecond: Number.POSITIVE_INFINITY,
  clientDelayMicroseconds: null,
  timeScale: 1,
};

const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-northeast-1', 'ap-southeast-2'] as const;

/** Round trips in milliseconds between AWS regions, averages of ping on 2020-06-05 (data set of vitorenesduarte/fantoch). */
const ROUND_TRIPS = [
  [0.2, 72.5, 70.5, 152.4, 198.0],
  [72.5, 0.2, 127.3, 100.9, 138.5],
  [70.5, 127.3, 0.2, 204.4, 253.7],
  [152.4, 100.9, 204.4, 0.2, 104.1],
  [198.0, 138.5, 253.7, 104.1, 0.2],
];

/** Five AWS regions: replica i stands in region i mod 5; half of each measured round trip one way, jitter of 500 µs, 1 Gbit/s. */
export const WAN: Topology = {
  name: 'wan',
  regions: REGIONS,
  delayMicroseconds: ROUND_TRIPS.map((row) => row.map((milliseconds) => Math.round(milliseconds * 500))),
  jitterMicroseconds: 500,
  bytesPerMicrosecond: 125,
  clientDelayMicroseconds: 100,
  timeScale: 8,
};

/** For the eye: every link takes exactly 10 ms, a client is 5 ms away, and disks are `CLASSROOM_DISK`. */
export const CLASSROOM: Topology = {
  name: 'classroom',
  regions: ['classroom'],
  delayMicroseconds: [[10_000]],
  jitterMicroseconds: 0,
  bytesPerMicrosecond: 1250,
  clientDelayMicroseconds: 5_000,
  timeScale: 1,
};

/** Every link takes exactly `delayMicroseconds`, nothing else costs time; clients sit beside their replica. For counting delays. */
export function fixedDelay(delayMicroseconds: number): Topology {
  return {
    name: 'fixed',
    regions: ['fixed'],
    delayMicroseconds: [[delayMicroseconds]],
    jitterMicroseconds: 0,
    bytesPerMicrosecond: Number.POSITIVE_INFINITY,
    clientDelayMicroseconds: 0,
    timeScale: 1,
  };
}

export const TOPOLOGIES: Readonly<Record<string, Topology>> = { lan: LAN, wan: WAN };
