import type { AnyProtocol } from '@quorate/interface';
import {
  type CpuModel,
  DEFAULT_WORKLOAD,
  type DiskModel,
  LOOPBACK,
  type LoadModel,
  SERVER_CPU,
  Simulation,
  SSD,
} from '@quorate/simulator';

/** What was measured of a real cluster under a closed loop of so many clients, all on one machine. */
export interface RealPoint {
  readonly clients: number;
  readonly operationsPerSecond: number;
  /** Processor time for each operation, of all replicas together and of the load's process. */
  readonly cpuMicroseconds: number;
  readonly loadCpuMicroseconds: number;
}

/** The work that was put on it, and the machine. */
export interface RealWork {
  readonly nodes: number;
  readonly cores: number;
  readonly valueBytes: number;
  readonly keys: number;
  readonly reads: number;
}

/** A real point beside the simulated one. */
export interface CalibratedPoint {
  readonly clients: number;
  readonly real: number;
  /** Operations per second, as `real`. */
  readonly simulated: number;
  /** `simulated / real - 1`. */
  readonly error: number;
  /** Whether the costs were fitted to this point; the others are predictions. */
  readonly fitted: boolean;
}

/** The simulator's costs that match one protocol's real figures on one machine. */
export interface Calibration extends Models {
  readonly protocol: string;
  readonly nodes: number;
  readonly points: readonly CalibratedPoint[];
}

/** The clients at which costs are fitted: one shows what a round trip takes, many what an operation costs. */
export const FITTED_CLIENTS: readonly [few: number, many: number] = [1, 128];

const ROUNDS = 20;
const SEED = 1;
/** Virtual milliseconds: until a leader is there, until the load is steady, and of measuring. */
const QUIET = 1_000;
const SETTLING = 40;
const MEASURED = 120;

/** A disk is never taken to answer faster than in this part of a durable write. */
const MOST_SHARE = 0.8;

/** What is fitted, in microseconds but for `scale` and `share`. */
interface Costs {
  /** By which the costs per message and byte of a server are multiplied. */
  readonly scale: number;
  readonly turn: number;
  readonly loadOperation: number;
  readonly loadTurn: number;
  /** A durable write on an idle machine. */
  readonly sync: number;
  /** Which share of it needs a core; the rest is the disk's. */
  readonly share: number;
}

/** What one simulated load showed. */
export interface Simulated extends Omit<RealPoint, 'clients'> {
  /** Bursts of the load's process for each operation. */
  readonly loadTurns: number;
}

/**
 * Fits the simulator's costs to real figures. Each has a figure that it moves most, so all are corrected in turn until nothing moves:
 * - a durable write: the latency of one client;
 * - the price of a burst: the processor time of one client's operation;
 * - the price of a message and of a byte: the processor time of one operation among many clients;
 * - the share of a durable write in which it needs a core, for which no process is charged: the throughput of many clients, which real
 *   cores never carry on what processes are charged for alone. What no share explains (somebody else was at work on the machine) the
 *   price of a message takes upon itself in the later rounds;
 * - the load process's: its own processor time.
 * @returns null where the points of `FITTED_CLIENTS` are not both there
 */
export function calibrate(
  protocol: AnyProtocol,
  work: RealWork,
  points: readonly RealPoint[],
): Calibration | null {
  const [few, many] = FITTED_CLIENTS.map((clients) => points.find((point) => point.clients === clients));
  if (few === undefined || many === undefined) return null;
  let costs: Costs = {
    scale: 1,
    turn: few.cpuMicroseconds / 10,
    loadOperation: many.loadCpuMicroseconds / 2,
    loadTurn: few.loadCpuMicroseconds / 2,
    sync: 1e6 / few.operationsPerSecond / 3,
    share: 0.5,
  };
  for (let round = 0; round < ROUNDS; round++) {
    const models = modelsOf(costs, work);
    const one = simulateLoad(protocol, work, few.clients, models);
    const all = simulateLoad(protocol, work, many.clients, models);
    // Damped, since each correction moves the other figures a little too.
    const loadTurn = Math.max(0, few.loadCpuMicroseconds - costs.loadOperation);
    const faster = bounded(all.operationsPerSecond / many.operationsPerSecond);
    const heavier = bounded(many.cpuMicroseconds / all.cpuMicroseconds);
    const isLate = round >= ROUNDS / 2;
    costs = {
      scale: costs.scale * (isLate ? faster : heavier) ** 0.8,
      turn: costs.turn * bounded(few.cpuMicroseconds / one.cpuMicroseconds) ** 0.8,
      loadOperation: Math.max(0.1, many.loadCpuMicroseconds - loadTurn * all.loadTurns),
      loadTurn,
      sync: costs.sync * bounded(one.operationsPerSecond / few.operationsPerSecond) ** 0.8,
      share: isLate ? costs.share : Math.min(MOST_SHARE, Math.max(0, costs.share + 0.6 * (faster - 1))),
    };
  }
  const models = modelsOf(costs, work);
  const compared = points.map(({ clients, operationsPerSecond: real }) => {
    const { operationsPerSecond } = simulateLoad(protocol, work, clients, models);
    const fitted = FITTED_CLIENTS.includes(clients);
    return { clients, real, simulated: operationsPerSecond, error: operationsPerSecond / real - 1, fitted };
  });
  return { protocol: protocol.name, nodes: work.nodes, ...models, points: compared };
}

function bounded(ratio: number): number {
  return Math.min(3, Math.max(1 / 3, ratio));
}

/** What a machine's parts cost, as the simulator takes it. */
export interface Models {
  readonly cpu: CpuModel & { readonly load: LoadModel };
  readonly disk: DiskModel;
}

function modelsOf(costs: Costs, { nodes, cores }: RealWork): Models {
  const disk = costs.sync * (1 - costs.share);
  return {
    cpu: {
      receiveMicroseconds: SERVER_CPU.receiveMicroseconds * costs.scale,
      sendMicroseconds: SERVER_CPU.sendMicroseconds * costs.scale,
      byteMicroseconds: SERVER_CPU.byteMicroseconds * costs.scale,
      turnMicroseconds: costs.turn,
      syncMicroseconds: costs.sync * costs.share,
      coresPerHost: cores,
      replicasPerHost: nodes,
      load: { operationMicroseconds: costs.loadOperation, turnMicroseconds: costs.loadTurn },
    },
    disk: { ...SSD, syncMicroseconds: disk, jitterMicroseconds: disk * JITTER },
  };
}

/** The share of a disk's sync time that its jitter has in the usual model. */
const JITTER = SSD.jitterMicroseconds / SSD.syncMicroseconds;

/** One load on the modelled machine. */
export function simulateLoad(
  protocol: AnyProtocol,
  work: RealWork,
  clients: number,
  models: Models,
): Simulated {
  const { nodes, keys, valueBytes, reads } = work;
  const simulation = new Simulation({
    protocol,
    nodes,
    seed: SEED,
    milliseconds: QUIET + SETTLING + MEASURED,
    workload: {
      ...DEFAULT_WORKLOAD,
      clients,
      quietMilliseconds: QUIET,
      keys,
      valueBytes,
      reads,
      writes: 'put',
      history: false,
    },
    topology: LOOPBACK,
    ...models,
  });
  simulation.start();
  simulation.runUntil((QUIET + SETTLING) * 1000);
  const before = workedIn(simulation);
  simulation.runUntil((QUIET + SETTLING + MEASURED) * 1000);
  const after = workedIn(simulation);
  const ended = Math.max(1, after.ended - before.ended);
  return {
    operationsPerSecond: ended / (MEASURED / 1000),
    cpuMicroseconds: (after.replicas - before.replicas) / ended,
    loadCpuMicroseconds: (after.load - before.load) / ended,
    loadTurns: (after.loadTurns - before.loadTurns) / ended,
  };
}

function workedIn({ nodes, load, clients }: Simulation) {
  return {
    replicas: nodes.reduce((sum, { processor }) => sum + processor.worked, 0),
    load: load!.processor.worked,
    loadTurns: load!.turns,
    ended: clients.completed,
  };
}
