import { CLIENT_COMMAND } from './entries.ts';
import type { Message } from './messages.ts';
import type { Context, Protocol } from './protocol.ts';
import type { Replica } from './replica.ts';
import type { Request } from './requests.ts';

/** To self: what stands up to `slot` is durable, since this message has arrived. */
export interface Durable extends Message {
  readonly type: 'Durable';
  readonly slot: number;
}

export interface SingleState {
  readonly id: number;
  decided: number;
}

class SingleReplica implements Replica<Durable, never, SingleState> {
  readonly state: SingleState;
  private readonly context: Context<Durable, never, null>;

  constructor(context: Context<Durable, never, null>) {
    this.context = context;
    this.state = { id: context.id, decided: 0 };
  }

  start(): void {
    const { ports, id } = this.context;
    ports.announce(id === 1 ? 'leader' : 'follower', 0, 1);
    // What the journal kept was durable, so it is decided, answered or not.
    if (id === 1) ports.send(1, { type: 'Durable', slot: ports.log().last });
  }

  onRequest(request: Request): void {
    const { ports, id } = this.context;
    if (id !== 1) ports.refuse(request, 'not-leader', 1);
    else if (request.kind === 'read') ports.readAt(request, this.state.decided);
    else ports.send(1, { type: 'Durable', slot: ports.log().append(0, CLIENT_COMMAND, request.command) });
  }

  onMessage(_from: number, { slot }: Durable): void {
    while (this.state.decided < slot) this.context.ports.decide(++this.state.decided, 'committed');
  }

  onSnapshot(slot: number): void {
    this.state.decided = Math.max(this.state.decided, slot);
    this.context.ports.log().forget(slot);
  }

  onTimer(): void {}
  onPrepared(): void {}
  onLink(): void {}
  settle(): void {}
}

/**
 * The smallest protocol there is, for examples and as a beginning for authors: node 1 alone decides, once its own disk has an entry; the
 * others send clients there. It survives crashes, and stops while node 1 is down.
 */
export const single: Protocol<Durable, never, null, SingleState> = {
  name: 'single',
  title: 'A single server',
  family: 'replicated-log',
  source: 'none: one server needs no agreement',
  assumes: { fifoLinks: false, synchrony: false, noPartitions: false },
  guarantees: ['agreement', 'linearizable', 'progress', 'invariants'].map((check) => ({
    check,
    exceptUnder: [],
    source: 'one server',
  })),
  progress: 'all',
  knobs: {},
  invariants: [],
  costs: () => ({
    messagesPerDecision: 0,
    delaysPerDecision: 0,
    forcedWritesPerDecision: 1,
    forcedWritesInAll: 1,
    source: 'one server',
  }),
  initial: null,
  create: (context) => new SingleReplica(context),
  observe: ({ id, decided }) => ({
    role: id === 1 ? 'leader' : 'follower',
    epoch: 0,
    leader: 1,
    details: { decided },
  }),
};
