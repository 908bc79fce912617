import type { FaultPlan, ResolvedEvent } from '@quorate/faults';
import type { AnyProtocol, Message } from '@quorate/interface';
import type { Frame, Recorder } from '@quorate/simulator';
import type { Trace, TraceState } from '@quorate/trace';
import { lowerBound } from './arrows.ts';
import type { UnpackedTrace } from './inflate.ts';

/** What can be looked up beside a trace: messages, operations, faults, and how each node was. */
export type Looked = Pick<Recorder, 'messages' | 'operations' | 'faults' | 'frameAt'>;

/** What a page must know of a protocol to show a run of it. */
export type ProtocolFace = Pick<AnyProtocol, 'name' | 'title' | 'invariants' | 'nameSlot' | 'explain'>;

/** Before a node has announced a role. */
const SILENT: Frame = {
  events: 0,
  observation: { role: '', epoch: 0, leader: null, details: {} },
  log: null,
};

/**
 * What a trace file alone tells of its run: messages by their type only, and how each node was, as the file says. Where it does not, each has the
 * role, epoch and leader that it last announced, and is down or not. What clients wanted is not in a trace.
 * @param faults the plan, where it is known
 */
export function lookedFrom({ trace, states }: UnpackedTrace, nodes: number, faults?: FaultPlan): Looked {
  const frames = states.length > 0 ? framesOf(states, nodes) : announced(trace, nodes);
  const starts = frames.map((list) => list.map(({ events }) => events));
  const resolved = (faults?.events ?? []).flatMap((event, i) =>
    isResolved(event) ? [[i, event] as const] : [],
  );
  return {
    messages: messagesOf(trace),
    operations: [],
    faults: new Map(resolved),
    frameAt: (node, events) => frames[node]?.[lowerBound(starts[node]!, events + 1) - 1],
  };
}

function messagesOf(trace: Trace): Message[] {
  const types = new Map<number, Message>();
  const messages: Message[] = [];
  for (const { kind, b, c } of trace) {
    if (kind !== 'send') continue;
    const type = types.get(c) ?? { type: trace.name(c) };
    types.set(c, type);
    messages[b] = type;
  }
  return messages;
}

function framesOf(states: readonly TraceState[], nodes: number): Frame[][] {
  const frames = Array.from({ length: nodes + 1 }, (): Frame[] => []);
  for (const { node, ...frame } of states) frames[node]!.push(frame);
  return frames;
}

/** What nodes announced of themselves, and whether they were up. */
function announced(trace: Trace, nodes: number): Frame[][] {
  const frames = Array.from({ length: nodes + 1 }, () => [SILENT]);
  for (let at = 0; at < trace.length; at++) {
    const { kind, node, a, b, c } = trace.at(at);
    const events = at + 1;
    if (kind === 'role') {
      const observation = { role: trace.name(a), epoch: b, leader: c < 1 ? null : c, details: {} };
      frames[node]!.push({ events, observation, log: null });
    } else if (kind === 'crash' || kind === 'halt') {
      frames[node]!.push({ events, observation: null, log: null });
    } else if (kind === 'restart') {
      frames[node]!.push({ ...SILENT, events });
    }
  }
  return frames;
}

/** Whether a fault names its nodes: whom one hit that names a role, only the run knows. */
function isResolved(event: FaultPlan['events'][number]): event is ResolvedEvent {
  const names = Object.values(event).flat(2);
  return !names.some((value) => ROLES.has(value));
}

const ROLES = new Set<unknown>(['leader', 'follower', 'coordinator']);
