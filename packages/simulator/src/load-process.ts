import type { Response } from '@quorate/driver';
import type { NodeId } from '@quorate/interface';
import type { LoadModel } from './models.ts';
import type { Processor } from './processor.ts';

/** An answer on its way into the clients' process. */
interface Answer {
  readonly client: number;
  readonly node: NodeId;
  readonly sequence: number;
  readonly response: Response;
}

/** The one process that holds all clients, where it shares its machine with the replicas: its work delays what clients ask next. */
export class LoadProcess {
  readonly processor: Processor;
  /** Bursts of answers so far. */
  turns = 0;
  readonly #model: LoadModel;
  readonly #take: (client: number, node: NodeId, sequence: number, response: Response) => void;
  readonly #scheduleTurn: (at: number) => void;
  #waiting: Answer[] = [];
  #turnScheduled = false;

  constructor(
    model: LoadModel,
    processor: Processor,
    take: (client: number, node: NodeId, sequence: number, response: Response) => void,
    scheduleTurn: (at: number) => void,
  ) {
    this.#model = model;
    this.processor = processor;
    this.#take = take;
    this.#scheduleTurn = scheduleTurn;
  }

  /** An answer has come. All that come while the process is at work make its next burst. */
  arrive(now: number, answer: Answer): void {
    this.#waiting.push(answer);
    this.#turn(now);
  }

  onTurn(now: number): void {
    this.#turnScheduled = false;
    this.#turn(now);
  }

  #turn(now: number): void {
    if (this.#waiting.length === 0 || this.#turnScheduled) return;
    const { processor } = this;
    if (!processor.begin(now)) {
      this.#turnScheduled = true;
      this.#scheduleTurn(processor.nextFree(now));
      return;
    }
    const answers = this.#waiting;
    this.#waiting = [];
    this.turns++;
    processor.work(now, this.#model.turnMicroseconds);
    for (const { client, node, sequence, response } of answers) {
      processor.work(now, this.#model.operationMicroseconds);
      this.#take(client, node, sequence, response);
    }
  }
}
