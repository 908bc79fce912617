import {
  type FaultEvent,
  type FaultPlan,
  FaultState,
  isMomentary,
  isOfMessage,
  PlanError,
  type ResolvedEvent,
  resolveEvent,
  type Step,
  schedule,
} from '@quorate/faults';
import type { NodeId } from '@quorate/interface';
import type { ActiveFault } from './control.ts';
import type { LocalCluster } from './harness.ts';

/** How a plan is carried out. */
export interface FaultRunOptions {
  /** Told of each event that really begins or ends. `at`: milliseconds from the start of the plan, when it was done. */
  readonly onStep?: (phase: 'begin' | 'end', event: ResolvedEvent, at: number) => void;
  /** Decides what a torn write loses; default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Carries out a fault plan on real processes: crashes and pauses by signals, all else inside the replicas. Begun by
 * `LocalCluster.carryOut`.
 */
export class FaultRunner {
  /** Resolves when everything planned has been done. */
  readonly done: Promise<void>;
  readonly #cluster: LocalCluster;
  readonly #options: FaultRunOptions;
  readonly #state: FaultState;
  readonly #active = new Map<number, ResolvedEvent>();
  readonly #since = performance.now();
  #cancel: () => void = () => {};
  #isCancelled = false;

  constructor(cluster: LocalCluster, plan: FaultPlan, options: FaultRunOptions) {
    checkPlan(cluster, plan);
    this.#cluster = cluster;
    this.#options = options;
    this.#state = new FaultState(cluster.ids);
    cluster.activeFaults = () => ({
      faults: [...this.#active].map(([index, event]): ActiveFault => ({ index, event })),
      now: this.now,
    });
    this.done = this.#run(schedule(plan));
  }

  /** Milliseconds since the plan began. */
  get now(): number {
    return performance.now() - this.#since;
  }

  /** Begins nothing more and ends what is active: links whole, processes up. */
  async heal(): Promise<void> {
    this.#isCancelled = true;
    this.#cancel();
    await this.done;
    for (const index of [...this.#active.keys()]) await this.#end(index);
  }

  async #run(steps: readonly Step[]): Promise<void> {
    for (const { at, phase, event, index } of steps) {
      await this.#waitUntil(at);
      if (this.#isCancelled) return;
      if (phase === 'begin') await this.#begin(index, event);
      else await this.#end(index);
    }
  }

  #waitUntil(at: number): Promise<void> {
    if (this.#isCancelled) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, at - this.now));
      this.#cancel = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #begin(index: number, planned: FaultEvent): Promise<void> {
    const event = resolveEvent(planned, (role, taken) => this.#cluster.holderOf(role, taken));
    if (event === null) return; // the role is nobody's
    this.#state.begin(index, event);
    if (!isMomentary(event)) this.#active.set(index, event);
    this.#options.onStep?.('begin', event, this.now);
    if (event.kind === 'crash') {
      const { lostWrites, tornWrites } = event;
      const random = tornWrites ? (this.#options.random ?? Math.random) : undefined;
      await this.#cluster.kill(event.node, { lostWrites: lostWrites || tornWrites, random });
    } else if (event.kind === 'pause') this.#cluster.pause(event.node);
    else this.#cluster.begin({ index, event }, this.now);
  }

  async #end(index: number): Promise<void> {
    const event = this.#state.end(index);
    if (event === undefined) return;
    this.#active.delete(index);
    this.#cluster.end(index);
    if (event.kind === 'pause') this.#resume(event.node);
    else if (event.kind === 'crash' || event.kind === 'disk-full' || event.kind === 'disk-failing')
      await this.#revive(event.node);
    this.#options.onStep?.('end', event, this.now);
  }

  #resume(node: NodeId): void {
    if (!this.#state.node(node).paused) this.#cluster.resume(node);
  }

  /** Starts a replica that crashed, or stopped as its disk failed, unless another fault still keeps it away. */
  async #revive(node: NodeId): Promise<void> {
    const { down, paused, diskFull, diskFailing } = this.#state.node(node);
    if (down || diskFull || diskFailing) return;
    await this.#cluster.restart(node);
    if (paused) this.#cluster.pause(node);
  }
}

function checkPlan({ options }: LocalCluster, plan: FaultPlan): void {
  for (const [i, event] of plan.events.entries()) {
    if (isOfMessage(event)) {
      throw new PlanError(
        `events[${i}].kind: ${event.kind} means something only in the simulator, where messages have numbers`,
      );
    }
    if (event.kind === 'crash') {
      if ((event.lostWrites || event.tornWrites) && !options.lossy)
        throw new PlanError(
          `events[${i}].${event.lostWrites ? 'lostWrites' : 'tornWrites'}: real processes lose writes only in a cluster started as lossy`,
        );
    } else if (event.kind !== 'pause' && !options.faults)
      throw new PlanError(`events[${i}].kind: ${event.kind} needs a cluster started with faults`);
  }
}
