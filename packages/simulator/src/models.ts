import type { NodeFaults } from '@quorate/faults';
import type { RandomStream } from './random.ts';

/** What handling a message costs a replica's processor. All in microseconds of virtual time; zeros make computation free. */
export interface CpuModel {
  /** Per message or request received. */
  readonly receiveMicroseconds: number;
  /** Per message or answer sent. */
  readonly sendMicroseconds: number;
  /** Per byte received or sent. */
  readonly byteMicroseconds: number;
  /** Per burst of inputs, whatever is in it: waking up, looking at the sockets, one write to the disk and one to each peer. */
  readonly turnMicroseconds: number;
  /**
   * Per durable write, beside the process and on whichever core is free: the thread that waits for the disk, and the operating system
   * under it. While all cores are busy the write waits for one, which is why disks seem slower under load than they are.
   */
  readonly syncMicroseconds: number;
  /** Cores of each host. */
  readonly coresPerHost: number;
  /** Replicas that share a host's cores: with 1 each replica has its own host, with `nodes` all sit on one laptop. */
  readonly replicasPerHost: number;
  /** What the clients' side costs; `null` where clients have machines of their own, of which nobody runs short. */
  readonly load: LoadModel | null;
}

/** One process that holds all clients, on the first host, whose cores it shares with the replicas there: a laptop's benchmark. */
export interface LoadModel {
  /** Per operation: taking an answer in and asking the next. */
  readonly operationMicroseconds: number;
  /** Per burst of answers. */
  readonly turnMicroseconds: number;
}

/** What a durable write costs. One write is under way at a time; what comes meanwhile goes with the next. */
export interface DiskModel {
  /** The least that one durable write takes, microseconds. */
  readonly syncMicroseconds: number;
  /** Mean of the exponentially distributed part on top. */
  readonly jitterMicroseconds: number;
  readonly bytesPerMicrosecond: number;
}

export const FREE_CPU: CpuModel = {
  receiveMicroseconds: 0,
  sendMicroseconds: 0,
  byteMicroseconds: 0,
  turnMicroseconds: 0,
  syncMicroseconds: 0,
  coresPerHost: 1,
  replicasPerHost: 1,
  load: null,
};

/** A server of its own for each replica: 3 µs to take a message in, 2 µs to send one, 1 ns per byte. */
export const SERVER_CPU: CpuModel = {
  receiveMicroseconds: 3,
  sendMicroseconds: 2,
  byteMicroseconds: 0.001,
  turnMicroseconds: 0,
  syncMicroseconds: 0,
  coresPerHost: 1,
  replicasPerHost: 1,
  load: null,
};

export const FREE_DISK: DiskModel = {
  syncMicroseconds: 0,
  jitterMicroseconds: 0,
  bytesPerMicrosecond: Number.POSITIVE_INFINITY,
};

/** A datacentre SSD as measured here: a durable write takes 130 to 220 µs. */
export const SSD: DiskModel = { syncMicroseconds: 130, jitterMicroseconds: 40, bytesPerMicrosecond: 1000 };

/** The whole model of a processor: what is left out is free; without any, `SERVER_CPU`. */
export function cpuOf(given: Partial<CpuModel> | undefined): CpuModel {
  return given === undefined ? SERVER_CPU : { ...FREE_CPU, ...given };
}

/** The whole model of a disk: what is left out takes no time; without any, `SSD`. */
export function diskOf(given: Partial<DiskModel> | undefined): DiskModel {
  return given === undefined ? SSD : { ...FREE_DISK, ...given };
}

/** For the eye, beside `CLASSROOM`'s links: a durable write takes exactly 2 ms. */
export const CLASSROOM_DISK: DiskModel = {
  syncMicroseconds: 2_000,
  jitterMicroseconds: 0,
  bytesPerMicrosecond: 1000,
};

/** How a disk was when a write to it began. */
export const DISK_FINE = 0;
export const DISK_FULL = 1;
export const DISK_FAILING = 2;

/** How a write that begins now will end. */
export function diskState({ diskFull, diskFailing }: NodeFaults): number {
  return diskFull ? DISK_FULL : diskFailing ? DISK_FAILING : DISK_FINE;
}

/** What a durable write takes of the disk's time, in virtual microseconds. `random` is drawn from only where there is jitter. */
export function diskTime(disk: DiskModel, bytes: number, faults: NodeFaults, random: RandomStream): number {
  let took = disk.syncMicroseconds + bytes / disk.bytesPerMicrosecond;
  if (disk.jitterMicroseconds > 0) took += disk.jitterMicroseconds * random.exponential();
  return took * faults.diskFactor + faults.diskMilliseconds * 1000;
}
