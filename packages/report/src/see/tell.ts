import { type FaultEvent, isMomentary, type NodeRef } from '@quorate/faults';
import type { AnyProtocol, LocalText, Slot, Term } from '@quorate/interface';
import type { Trace, TraceEvent } from '@quorate/trace';
import type { Text } from '../text/text.ts';
import type { Looked } from './looked.ts';

/** What is needed to tell a run in words. */
export interface Telling {
  readonly text: Text;
  readonly trace: Trace;
  readonly protocol: Pick<AnyProtocol, 'nameSlot' | 'explain'>;
  readonly terms: Readonly<Record<string, Term>>;
  readonly recorder: Looked;
  fault(index: number): FaultEvent | undefined;
}

/** An event in words: what happens, and what it means by the paper; the second is empty where nothing is to be said. */
export interface Told {
  readonly what: string;
  readonly why: string;
}

/** A name of the protocol in the reader's language, or as it is. */
export function termOf({ text, terms }: Pick<Telling, 'text' | 'terms'>, name: string): string {
  const term = Object.hasOwn(terms, name) ? terms[name] : undefined;
  return term === undefined ? name : localOf(text, term.name);
}

function aboutOf({ text, terms }: Telling, name: string): string {
  const about = Object.hasOwn(terms, name) ? terms[name]?.about : undefined;
  return about === undefined ? '' : localOf(text, about);
}

/** A text that a protocol or lesson brings. */
export function localOf(text: Text, local: LocalText): string {
  return local[text.language];
}

/** What is decided on: by the protocol's own name for it, else an entry of the log. */
function slotOf({ protocol, text }: Pick<Telling, 'protocol' | 'text'>, slot: Slot): string {
  return protocol.nameSlot?.(slot) ?? text.t('tell.entry', { slot });
}

/** Tells one event of a trace. */
export function tell(telling: Telling, event: TraceEvent): Told {
  switch (event.kind) {
    case 'send':
    case 'deliver':
    case 'drop':
      return tellMessage(telling, event);
    case 'invoke':
    case 'ask':
    case 'answer':
    case 'return':
    case 'request':
    case 'respond':
      return { what: tellClient(telling, event), why: whyOfClient(telling, event) };
    default:
      return tellNode(telling, event);
  }
}

function tellMessage(telling: Telling, { kind, node, a, b, c }: TraceEvent): Told {
  const { text, trace, recorder, protocol } = telling;
  const message = recorder.messages[b];
  const type = kind === 'send' ? trace.name(c) : (message?.type ?? text.t('tell.message'));
  const known = aboutOf(telling, type);
  const why = message === undefined ? known : (protocol.explain?.(message, text.language) ?? known);
  if (kind === 'send') return { what: text.t('tell.send', { from: node, to: a, type }), why };
  const ends = { from: a, to: node, type };
  if (kind === 'deliver') return { what: text.t('tell.deliver', ends), why };
  switch (trace.name(c)) {
    case 'cut off':
      return { what: text.t('tell.cutOff', ends), why };
    case 'down':
      return { what: text.t('tell.down', ends), why };
    case 'dropped':
      return { what: text.t('tell.dropped', ends), why };
    default:
      return { what: text.t('tell.lost', ends), why };
  }
}

function tellClient(telling: Telling, { kind, node, a, b, c, d }: TraceEvent): string {
  const { text, trace } = telling;
  const status = (id: number) => statusOf(text, id === 0 ? 'ok' : trace.name(id));
  switch (kind) {
    case 'invoke':
      return text.t('tell.invoke', { client: node, node: b, operation: operationOf(telling, a) });
    case 'ask':
      return text.t('tell.ask', { client: node, node: b, operation: operationOf(telling, a) });
    case 'request':
      return text.t('tell.request', { client: a, node, operation: operationOf(telling, c) });
    case 'respond':
      return text.t('tell.respond', {
        client: a,
        node,
        status: status(c),
        operation: operationOf(telling, d),
      });
    case 'answer':
      return text.t('tell.answer', { client: node, node: b, status: status(c) });
    default: {
      const key =
        (['tell.returnOk', 'tell.returnFailed', 'tell.returnUnknown'] as const)[b] ?? 'tell.returnUnknown';
      return text.t(key, { client: node, operation: operationOf(telling, a) });
    }
  }
}

function whyOfClient({ text, trace }: Telling, { kind, b, c }: TraceEvent): string {
  if (kind === 'invoke') return text.t('tell.invokeWhy');
  if (kind === 'answer' && c !== 0 && trace.name(c) === 'not-leader') return text.t('tell.answerNo');
  if (kind !== 'return') return '';
  return b === 0 ? text.t('tell.returnOkWhy') : b === 2 ? text.t('tell.unknownWhy') : '';
}

function tellNode(telling: Telling, event: TraceEvent): Told {
  const { text, trace } = telling;
  const { kind, node, a, b } = event;
  const slot = () => slotOf(telling, a);
  const plain = (what: string): Told => ({ what, why: '' });
  switch (kind) {
    case 'write':
      return plain(text.t(b === 1 ? 'tell.force' : 'tell.write', { node, sequence: a }));
    case 'sync':
      return { what: text.t('tell.sync', { node, sequence: a }), why: text.t('tell.syncWhy') };
    case 'timer': {
      const timer = trace.name(a);
      return {
        what: text.t('tell.timer', { node, timer: termOf(telling, timer) }),
        why: aboutOf(telling, timer),
      };
    }
    case 'decide':
      return {
        what: text.t(DECIDED[b] ?? 'tell.committed', { node, slot: slot() }),
        why: text.t('tell.decideWhy'),
      };
    case 'apply':
      return { what: text.t('tell.apply', { node, slot: slot() }), why: text.t('tell.applyWhy') };
    case 'role':
      return tellRole(telling, event);
    case 'crash':
      return { what: text.t('tell.crash', { node }), why: text.t('tell.crashWhy') };
    case 'restart':
      return { what: text.t('tell.restart', { node }), why: text.t('tell.restartWhy') };
    case 'halt':
      return plain(text.t('tell.halt', { node, reason: trace.name(a) }));
    case 'fault':
      return plain(tellFaultEvent(telling, a, b > 0));
    case 'snapshot':
      return plain(text.t(b === 1 ? 'tell.installed' : 'tell.snapshot', { node, slot: a }));
    default:
      return plain(kind);
  }
}

/** By how a decision went. */
const DECIDED = ['tell.committed', 'tell.aborted', 'tell.chosen'] as const;

function tellRole(telling: Telling, { node, a, b }: TraceEvent): Told {
  const { text, trace } = telling;
  const name = trace.name(a);
  const role = termOf(telling, name);
  const epoch = termOf(telling, 'epoch');
  const what =
    b === 0
      ? text.t('tell.role', { node, role })
      : text.t('tell.roleEpoch', { node, role, epoch, number: b });
  return { what, why: aboutOf(telling, name) };
}

/** How something ended, in words. */
export function statusOf(text: Text, status: string): string {
  return text.known('status', status) ?? status;
}

/** A client operation as a reader would write it: `put a = 1`. */
export function operationOf(
  { recorder, text }: Pick<Telling, 'recorder' | 'text'>,
  operation: number,
): string {
  const input = recorder.operations[operation]?.input;
  if (input === undefined) return text.t('operation.number', { operation });
  const short = (value: string) => valueInShort(text, value);
  switch (input.kind) {
    case 'get':
    case 'delete':
      return `${input.kind} ${short(input.key)}`;
    case 'cas':
      return `cas ${short(input.key)}: ${input.expected === null ? '∅' : short(input.expected)} → ${short(input.value)}`;
    case 'append':
      return `append ${short(input.key)} += ${short(input.value)}`;
    case 'put':
      return `put ${short(input.key)} = ${short(input.value)}`;
    default:
      return input satisfies never;
  }
}

const VALUE_MAX = 32;
const VALUE_HEAD = 16;

/** A key or a value in a line of text: a long one by how it begins, without what only fills it up, and its length. */
export function valueInShort(text: Text, value: string): string {
  if (value.length <= VALUE_MAX) return value;
  const characters = [...value];
  const head = characters.slice(0, VALUE_HEAD).join('').replace(/\.+$/, '');
  return text.t('operation.long', { head, count: characters.length });
}

function tellFaultEvent(telling: Telling, index: number, begins: boolean): string {
  const { text } = telling;
  const event = telling.fault(index);
  const fault = event === undefined ? text.t('fault.unknown') : faultOf(text, event);
  if (event !== undefined && isMomentary(event)) return text.t('tell.faultOnce', { fault });
  return text.t(begins ? 'tell.faultBegins' : 'tell.faultEnds', { fault });
}

/** The two nodes between which a fault is, in both directions; null for any other. */
function pairOf(event: FaultEvent): { readonly a: string; readonly b: string } | null {
  if (!('from' in event && 'to' in event)) return null;
  const { from = [], to = [] } = event;
  const [a, b] = from;
  return from.length === 2 && to.length === 2 && from.every((node) => to.includes(node))
    ? { a: String(a), b: String(b) }
    : null;
}

/** A fault in words, without its time. */
export function faultOf(text: Text, event: FaultEvent): string {
  const name = (node: NodeRef) =>
    typeof node === 'number' ? String(node) : (text.known('ref', node) ?? node);
  const set = (nodes: readonly NodeRef[] | undefined) =>
    nodes === undefined ? text.t('fault.all') : nodes.map(name).join(', ');
  const pair = pairOf(event);
  switch (event.kind) {
    case 'partition':
      return text.t('fault.is.partition', { groups: event.groups.map(set).join(' | ') });
    case 'cut':
      if (pair !== null) return text.t('fault.is.cutBetween', pair);
      return text.t('fault.is.cut', { from: set(event.from), to: set(event.to) });
    case 'loss':
      if (pair !== null)
        return text.t('fault.is.lossBetween', { share: text.quantity('share', event.probability), ...pair });
      return text.t('fault.is.loss', {
        share: text.quantity('share', event.probability),
        from: set(event.from),
        to: set(event.to),
      });
    case 'duplicate':
      return text.t('fault.is.duplicate', { share: text.quantity('share', event.probability) });
    case 'reorder':
      return text.t('fault.is.reorder', { share: text.quantity('share', event.probability) });
    case 'delay': {
      const time = text.quantity('duration', event.milliseconds * 1000);
      if (pair !== null) return text.t('fault.is.delayBetween', { time, ...pair });
      return text.t('fault.is.delay', { time, from: set(event.from), to: set(event.to) });
    }
    case 'clog':
      return text.t('fault.is.clog', { from: set(event.from), to: set(event.to) });
    case 'crash':
      return text.t('fault.is.crash', { node: name(event.node) });
    case 'pause':
      return text.t('fault.is.pause', { node: name(event.node) });
    case 'clock-skew':
      return text.t('fault.is.clockSkew', { node: name(event.node), rate: event.rate });
    case 'clock-jump':
      return text.t('fault.is.clockJump', {
        node: name(event.node),
        time: text.quantity('duration', event.milliseconds * 1000),
      });
    case 'disk-slow':
      return text.t('fault.is.diskSlow', { node: name(event.node) });
    case 'disk-full':
      return text.t('fault.is.diskFull', { node: name(event.node) });
    case 'disk-failing':
      return text.t('fault.is.diskFailing', { node: name(event.node) });
    case 'drop-message':
      return text.t('fault.is.drop', { message: event.message });
    case 'hold-message':
      return text.t('fault.is.hold', {
        message: event.message,
        time: text.quantity('duration', event.milliseconds * 1000),
      });
    default:
      return event satisfies never;
  }
}
