import { FaultState, type ResolvedEvent } from '@quorate/faults';
import type { Message, NodeId } from '@quorate/interface';
import { type Io, nodeIo } from '@quorate/log/disk';
import type { Interceptor } from '@quorate/transport';
import { ReplicaClock } from './clock.ts';
import { faultyIo } from './disk-faults.ts';
import { linkFaults } from './link-faults.ts';

/** The faults that a replica does to itself: those of its links, its clock and its disk. Crashes and pauses come from outside. */
export class ReplicaFaults {
  readonly clock = new ReplicaClock();
  readonly io: Io;
  readonly interceptor: Interceptor<Message>;
  /** Called after the clock was changed, as deadlines now lie elsewhere. */
  onClock: () => void = () => {};
  readonly #id: NodeId;
  readonly #state: FaultState;
  /** The plan's time minus this process's time. */
  #offset = 0;

  constructor(id: NodeId, replicas: readonly NodeId[], io: Io = nodeIo) {
    this.#id = id;
    this.#state = new FaultState(replicas);
    this.io = faultyIo(() => this.#state.node(id), io);
    this.interceptor = linkFaults(id, this.#state, () => performance.now() + this.#offset);
  }

  /** An event begins. `now`: the plan's time, milliseconds from the start of the run. */
  begin(index: number, event: ResolvedEvent, now: number): void {
    this.#offset = now - performance.now();
    if (event.kind === 'clock-jump' && event.node === this.#id) {
      this.clock.jump(event.milliseconds);
      this.onClock();
    }
    this.#state.begin(index, event);
    this.#setRate();
  }

  end(index: number): void {
    this.#state.end(index);
    this.#setRate();
  }

  #setRate(): void {
    const rate = this.#state.node(this.#id).clockRate;
    if (rate === this.clock.rate) return;
    this.clock.setRate(rate);
    this.onClock();
  }
}
