import { type FaultEvent, isMomentary, type LinkScope, type NodeRef } from './events.ts';

/** One event in words for a report: `12.0 s, for 3.5 s: the network splits into {0, 1} | {2, 3, 4}`. Nodes are named by `name`, by default their number or role. */
export function describeEvent(
  event: FaultEvent,
  name: (node: NodeRef) => string = (node) => String(node),
): string {
  const when = `${seconds(event.at)}${duration(event)}`;
  return `${when}: ${describeFault(event, name)}`;
}

function duration(event: FaultEvent): string {
  if (isMomentary(event)) return '';
  return event.for === undefined ? ', to the end' : `, for ${seconds(event.for)}`;
}

function describeFault(event: FaultEvent, name: (node: NodeRef) => string): string {
  const set = (nodes: readonly NodeRef[]) => `{${nodes.map(name).join(', ')}}`;
  switch (event.kind) {
    case 'partition':
      return event.groups.length === 1
        ? `the network splits into ${set(event.groups[0]!)} and the rest`
        : `the network splits into ${event.groups.map(set).join(' | ')}`;
    case 'cut':
      return `nothing passes from ${set(event.from)} to ${set(event.to)}`;
    case 'loss':
      return `${percent(event.probability)} of the messages are lost${links(event, set)}`;
    case 'duplicate':
      return `${percent(event.probability)} of the messages arrive again within ${event.delayMilliseconds} ms${links(event, set)}`;
    case 'reorder':
      return `${percent(event.probability)} of the messages are held back up to ${event.byMilliseconds} ms and overtaken${links(event, set)}`;
    case 'delay':
      return `messages take ${event.milliseconds} ms longer, and up to ${event.jitterMilliseconds} ms more${links(event, set)}`;
    case 'clog':
      return `messages queue up${links(event, set)}`;
    case 'crash':
      return `${name(event.node)} crashes${damage(event.lostWrites, event.tornWrites)}`;
    case 'pause':
      return `${name(event.node)} stands still`;
    case 'clock-skew':
      return `the clock of ${name(event.node)} runs at ${event.rate} times its speed`;
    case 'clock-jump':
      return `the clock of ${name(event.node)} leaps ahead by ${event.milliseconds} ms`;
    case 'disk-slow':
      return `the disk of ${name(event.node)} is ${slowness(event.factor, event.milliseconds)}`;
    case 'disk-full':
      return `the disk of ${name(event.node)} is full`;
    case 'disk-failing':
      return `the disk of ${name(event.node)} fails to sync`;
    case 'drop-message':
      return `message ${event.message} is lost`;
    case 'hold-message':
      return `message ${event.message} arrives ${event.milliseconds} ms later`;
  }
}

function links(scope: LinkScope, set: (nodes: readonly NodeRef[]) => string): string {
  const from = scope.from === undefined ? '' : ` from ${set(scope.from)}`;
  const to = scope.to === undefined ? '' : ` to ${set(scope.to)}`;
  return from + to;
}

function damage(lost: boolean, torn: boolean): string {
  if (lost && torn) return ', losing or tearing unsynced writes';
  if (lost) return ', losing unsynced writes';
  return torn ? ', tearing unsynced writes' : '';
}

function slowness(factor = 1, milliseconds = 0): string {
  if (milliseconds === 0) return `${factor} times slower`;
  return factor === 1 ? `${milliseconds} ms slower` : `${factor} times and ${milliseconds} ms slower`;
}

function percent(probability: number): string {
  return `${Math.round(probability * 1000) / 10} %`;
}

function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
