import type { LocalCluster } from '@quorate/cluster';
import type { RandomStream } from '@quorate/simulator';

/** One fault and when it began. */
export interface SoakFault {
  readonly seconds: number;
  readonly kind: 'kill' | 'pause';
  readonly node: number;
  readonly milliseconds: number;
}

const GAP = { least: 3_000, more: 7_000 } as const;
const KILLED = { least: 500, more: 2_500 } as const;
const PAUSED = { least: 200, more: 2_300 } as const;

/**
 * Kills (SIGKILL, started again later) and pauses (SIGSTOP), one at a time, at times drawn from a seed. The first node is paused too but never
 * killed, so that its memory can be followed.
 */
export class Faults {
  readonly past: SoakFault[] = [];
  readonly #cluster: LocalCluster;
  readonly #random: RandomStream;
  readonly #began = performance.now();
  readonly #over: Promise<void>;
  #active = true;
  #wake: () => void = () => {};

  constructor(cluster: LocalCluster, random: RandomStream) {
    this.#cluster = cluster;
    this.#random = random;
    this.#over = this.#run();
  }

  /** Ends the fault that is under way, begins no more. Rejects with what kept a node from starting again. */
  stop(): Promise<void> {
    this.#active = false;
    this.#wake();
    return this.#over;
  }

  async #run(): Promise<void> {
    while (this.#active) {
      await this.#sleep(this.#draw(GAP));
      if (!this.#active) return;
      const fault = this.#next();
      this.past.push(fault);
      if (fault.kind === 'kill') await this.#cluster.kill(fault.node);
      else this.#cluster.pause(fault.node);
      await this.#sleep(fault.milliseconds);
      if (fault.kind === 'kill') await this.#cluster.restart(fault.node);
      else this.#cluster.resume(fault.node);
    }
  }

  #next(): SoakFault {
    const { ids } = this.#cluster;
    const kind = ids.length > 1 && this.#random.next() < 0.5 ? 'kill' : 'pause';
    const node =
      kind === 'kill' ? ids[1 + this.#random.below(ids.length - 1)]! : ids[this.#random.below(ids.length)]!;
    const milliseconds = this.#draw(kind === 'kill' ? KILLED : PAUSED);
    return { seconds: (performance.now() - this.#began) / 1000, kind, node, milliseconds };
  }

  #draw({ least, more }: { readonly least: number; readonly more: number }): number {
    return least + this.#random.below(more);
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
