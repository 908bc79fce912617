import type { FaultClass, NodeId } from '@quorate/interface';

/** A node by what it is when the event begins, for plans written before anyone knows who leads. */
export type Role = 'leader' | 'coordinator' | 'follower';

/** A node as a plan may name it. `follower`: some replica that is neither leader nor coordinator, each time another one within an event. */
export type NodeRef = NodeId | Role;

/** When an event begins and how long it lasts. */
export interface Timing {
  /** Milliseconds from the start of the run. */
  readonly at: number;
  /** Milliseconds until it ends; absent: it lasts until the end of the run. */
  readonly for?: number;
}

/**
 * Which links an event is about: those from `from` to `to`; where one list is absent, all replicas stand there. One-way.
 * A link to or from a client is meant only where that client is listed.
 */
export interface LinkScope<N = NodeRef> {
  readonly from?: readonly N[];
  readonly to?: readonly N[];
}

/** Two replicas reach each other only where some group holds both; groups may overlap. The replicas not listed form one further group. */
export interface PartitionEvent<N = NodeRef> extends Timing {
  readonly kind: 'partition';
  readonly groups: readonly (readonly N[])[];
}

/** Nothing passes from `from` to `to`; the other direction works. */
export interface CutEvent<N = NodeRef> extends Timing {
  readonly kind: 'cut';
  readonly from: readonly N[];
  readonly to: readonly N[];
}

/** Each message is lost with this probability. */
export interface LossEvent<N = NodeRef> extends Timing, LinkScope<N> {
  readonly kind: 'loss';
  readonly probability: number;
}

/** Each message arrives a second time with this probability, up to `delayMilliseconds` after the first. */
export interface DuplicateEvent<N = NodeRef> extends Timing, LinkScope<N> {
  readonly kind: 'duplicate';
  readonly probability: number;
  readonly delayMilliseconds: number;
}

/** Each message is held back up to `byMilliseconds` with this probability, while later ones pass it. */
export interface ReorderEvent<N = NodeRef> extends Timing, LinkScope<N> {
  readonly kind: 'reorder';
  readonly probability: number;
  readonly byMilliseconds: number;
}

/** Each message takes `milliseconds` longer, and a random part of `jitterMilliseconds` more. */
export interface DelayEvent<N = NodeRef> extends Timing, LinkScope<N> {
  readonly kind: 'delay';
  readonly milliseconds: number;
  readonly jitterMilliseconds: number;
}

/** Messages queue up, none is lost, and all are delivered when it ends. */
export interface ClogEvent<N = NodeRef> extends Timing, LinkScope<N> {
  readonly kind: 'clog';
}

/**
 * The process dies and, after `for`, starts again with what its disk kept. `lostWrites`: any subset of the writes not yet
 * synced is gone; without it they all happen to survive. `tornWrites`: such a write may be there in part.
 */
export interface CrashEvent<N = NodeRef> extends Timing {
  readonly kind: 'crash';
  readonly node: N;
  readonly lostWrites: boolean;
  readonly tornWrites: boolean;
}

/** The process stands still, its memory kept, while its clock and the world run on (SIGSTOP). */
export interface PauseEvent<N = NodeRef> extends Timing {
  readonly kind: 'pause';
  readonly node: N;
}

/** The node's clock runs `rate` times as fast as the others'. */
export interface ClockSkewEvent<N = NodeRef> extends Timing {
  readonly kind: 'clock-skew';
  readonly node: N;
  readonly rate: number;
}

/** The node's clock leaps ahead once. It is monotonic, so it never goes back; `for` means nothing here and is not allowed. */
export interface ClockJumpEvent<N = NodeRef> {
  readonly at: number;
  readonly kind: 'clock-jump';
  readonly node: N;
  readonly milliseconds: number;
}

/** A sync takes `factor` times as long, then `milliseconds` longer. One of the two may be absent. */
export interface DiskSlowEvent<N = NodeRef> extends Timing {
  readonly kind: 'disk-slow';
  readonly node: N;
  readonly factor?: number;
  readonly milliseconds?: number;
}

/** No write fits on the disk. A replica that needed one stops; when the fault ends it is started again. */
export interface DiskFullEvent<N = NodeRef> extends Timing {
  readonly kind: 'disk-full';
  readonly node: N;
}

/** A sync fails. The replica stops, since a second try proves nothing; when the fault ends it is started again. */
export interface DiskFailingEvent<N = NodeRef> extends Timing {
  readonly kind: 'disk-failing';
  readonly node: N;
}

/**
 * One message is lost: the one with this number, if it is still under way. Numbers count all messages of a run from 1, so this and
 * `hold-message` mean something only where a run is the same each time: in the simulator.
 */
export interface DropMessageEvent {
  readonly at: number;
  readonly kind: 'drop-message';
  readonly message: number;
}

/** One message arrives `milliseconds` later than it would have; on fifo links those behind it wait for it. */
export interface HoldMessageEvent {
  readonly at: number;
  readonly kind: 'hold-message';
  readonly message: number;
  readonly milliseconds: number;
}

/** What happens at one moment and has no end. */
export type MomentaryEvent<N = NodeRef> = ClockJumpEvent<N> | DropMessageEvent | HoldMessageEvent;

/** One fault. `N` is how it names nodes: by id or role in a plan, by id alone once roles are resolved. */
export type FaultEvent<N = NodeRef> =
  | PartitionEvent<N>
  | CutEvent<N>
  | LossEvent<N>
  | DuplicateEvent<N>
  | ReorderEvent<N>
  | DelayEvent<N>
  | ClogEvent<N>
  | CrashEvent<N>
  | PauseEvent<N>
  | ClockSkewEvent<N>
  | ClockJumpEvent<N>
  | DiskSlowEvent<N>
  | DiskFullEvent<N>
  | DiskFailingEvent<N>
  | DropMessageEvent
  | HoldMessageEvent;

/** A fault whose roles have been resolved to nodes: what a world can carry out. */
export type ResolvedEvent = FaultEvent<NodeId>;

export type FaultKind = FaultEvent['kind'];

/** Every kind of event: its class, for the promises in `Guarantee.exceptUnder`, and what it does, for lists and help. */
export const vocabulary: Readonly<Record<FaultKind, { readonly class: FaultClass; readonly about: string }>> =
  {
    partition: { class: 'partition', about: 'replicas reach each other only within a group' },
    cut: { class: 'partition', about: 'nothing passes in one direction' },
    loss: { class: 'loss', about: 'messages are lost at random' },
    duplicate: { class: 'duplication', about: 'messages arrive twice at random' },
    reorder: { class: 'reordering', about: 'messages are overtaken by later ones at random' },
    delay: { class: 'delay', about: 'messages take longer' },
    clog: { class: 'clog', about: 'messages queue up until it ends' },
    crash: {
      class: 'crash',
      about: 'a process dies and is started again; unsynced writes may be lost or torn',
    },
    pause: { class: 'pause', about: 'a process stands still for a while' },
    'clock-skew': { class: 'clock', about: 'a clock runs too fast or too slowly' },
    'clock-jump': { class: 'clock', about: 'a clock leaps ahead' },
    'disk-slow': { class: 'disk-slow', about: 'syncs take longer' },
    'disk-full': { class: 'disk-full', about: 'no write fits on the disk' },
    'disk-failing': { class: 'disk-failing', about: 'a sync fails and the replica stops' },
    'drop-message': {
      class: 'loss',
      about: 'one message, by its number in the run, is lost; simulator only',
    },
    'hold-message': { class: 'delay', about: 'one message, by its number, arrives later; simulator only' },
  };

/** Whether an event is over the moment it happens. */
export function isMomentary<N>(event: FaultEvent<N>): event is MomentaryEvent<N> {
  return event.kind === 'clock-jump' || isOfMessage(event);
}

/** Whether an event is about one message. */
export function isOfMessage<N>(event: FaultEvent<N>): event is DropMessageEvent | HoldMessageEvent {
  return event.kind === 'drop-message' || event.kind === 'hold-message';
}

/** The classes of faults that one event belongs to; a crash may belong to three. */
export function faultClassesOfEvent(event: FaultEvent): FaultClass[] {
  const classes: FaultClass[] = [vocabulary[event.kind].class];
  if (event.kind === 'crash' && event.lostWrites) classes.push('lost-writes');
  if (event.kind === 'crash' && event.tornWrites) classes.push('torn-writes');
  return classes;
}

/**
 * Replaces roles by nodes.
 * @param who Says who has a role now, other than the nodes already `taken` by this event; null where nobody has.
 * @returns null where some role is nobody's: then the event does not happen.
 */
export function resolveEvent(
  event: FaultEvent,
  who: (role: Role, taken: readonly NodeId[]) => NodeId | null,
): ResolvedEvent | null {
  const taken: NodeId[] = [];
  let missing = false;
  const one = (ref: NodeRef): NodeId => {
    const id = typeof ref === 'number' ? ref : who(ref, taken);
    if (id === null) missing = true;
    else taken.push(id);
    return id ?? -1;
  };
  const resolved: Record<string, unknown> = { ...event };
  if ('node' in event) resolved.node = one(event.node);
  if ('from' in event && event.from !== undefined) resolved.from = event.from.map(one);
  if ('to' in event && event.to !== undefined) resolved.to = event.to.map(one);
  if ('groups' in event) resolved.groups = event.groups.map((group) => group.map(one));
  return missing ? null : (resolved as unknown as ResolvedEvent);
}
