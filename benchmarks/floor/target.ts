import type { EndHandler, LoadTarget } from '@quorate/cluster';
import { encodeCommand, type Operation } from '@quorate/state-machine';
import { failLater, type Lane, lanesTarget, NO_RESULT } from '../peers/lanes.ts';
import { Pipe } from '../peers/pipe.ts';
import { eachNumber, LENGTH_BYTES, NUMBER_BYTES } from './frames.ts';

/** Connections of a load to the floor program's leader. */
export function floorTarget({
  port,
  connections = 4,
}: {
  readonly port: number;
  readonly connections?: number;
}): LoadTarget {
  return lanesTarget(Array.from({ length: connections }, () => new FloorLane(port)));
}

/** One connection. A frame carries a command as the protocols' clients encode it, so that as many bytes are written. */
export class FloorLane implements Lane {
  readonly #pipe: Pipe;
  readonly #waiting = new Map<number, EndHandler>();
  #number = 0;

  constructor(port: number) {
    this.#pipe = new Pipe(
      port,
      (bytes, length) => eachNumber(bytes, length, (number) => this.#onAnswer(number)),
      () => this.#onGone(),
    );
  }

  ask(operation: Operation, done: EndHandler): void {
    if (this.#pipe.gone) {
      failLater(done);
      return;
    }
    this.#number = (this.#number + 1) >>> 0;
    const command = encodeCommand({ client: 1, sequence: 1, operation });
    const at = this.#pipe.reserve(LENGTH_BYTES + NUMBER_BYTES + command.length);
    const { slab } = this.#pipe;
    slab.writeUInt32LE(NUMBER_BYTES + command.length, at);
    slab.writeUInt32LE(this.#number, at + LENGTH_BYTES);
    slab.set(command, at + LENGTH_BYTES + NUMBER_BYTES);
    this.#waiting.set(this.#number, done);
  }

  close(): void {
    this.#pipe.close();
  }

  #onAnswer(number: number): void {
    const done = this.#waiting.get(number);
    if (done === undefined) throw new Error(`the floor program answered ${number}, which is not asked`);
    this.#waiting.delete(number);
    done('ok', NO_RESULT);
  }

  #onGone(): void {
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const done of lost) done('unknown', NO_RESULT);
  }
}
