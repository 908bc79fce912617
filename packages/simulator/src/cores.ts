import type { CpuModel } from './models.ts';
import type { SimulatedNode } from './node.ts';

/** The cores of each host, which its replicas share. */
export class Cores {
  readonly #cpu: CpuModel;
  /** When each core will be free, by host. */
  readonly #freeAt: Float64Array[];

  constructor(cpu: CpuModel, nodes: number) {
    this.#cpu = cpu;
    const hosts = Math.ceil(nodes / cpu.replicasPerHost);
    this.#freeAt = Array.from({ length: hosts }, () => new Float64Array(cpu.coresPerHost));
  }

  /** When the node's next burst can be taken in, at the earliest. */
  turnAt(node: SimulatedNode, now: number): number {
    const cores = this.#of(node);
    let core = cores[0]!;
    for (let i = 1; i < cores.length; i++) core = Math.min(core, cores[i]!);
    return Math.max(now, Math.ceil(Math.max(node.busyUntil, core)));
  }

  /** Whether a core is free for this node's next burst, which then has it. */
  take(node: SimulatedNode, now: number): boolean {
    if (this.#oneEach) return true; // `busyUntil` says it all
    const cores = this.#of(node);
    for (let core = 0; core < cores.length; core++) {
      if (cores[core]! > now) continue;
      node.core = core;
      return true;
    }
    return false;
  }

  /** The node's present work keeps its core until it is done. */
  occupy(node: SimulatedNode): void {
    if (!this.#oneEach) this.#of(node)[node.core] = node.busyUntil;
  }

  get #oneEach(): boolean {
    return this.#cpu.replicasPerHost <= this.#cpu.coresPerHost;
  }

  #of(node: SimulatedNode): Float64Array {
    return this.#freeAt[Math.floor((node.id - 1) / this.#cpu.replicasPerHost)]!;
  }
}
