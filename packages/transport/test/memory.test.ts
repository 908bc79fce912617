import { expect, test } from 'vitest';
import { MemoryHub, type MemoryTransport } from '../src/memory/index.ts';
import type { AnyMessage } from './messages.ts';

const MEMBERS = new Map([1, 2, 3].map((id) => [id, { host: 'memory', port: id }]));

interface Seen {
  readonly transport: MemoryTransport<AnyMessage>;
  readonly events: string[];
}

function join(hub: MemoryHub<AnyMessage>, id: number): Seen {
  const transport = hub.join(id);
  const events: string[] = [];
  transport.onLink = (peer, up) => events.push(`${up ? 'up' : 'down'} ${peer}`);
  transport.onMessage = (from, message) => events.push(`${from}:${message.n}`);
  transport.onBurstEnd = () => events.push('.');
  transport.connect(MEMBERS);
  return { transport, events };
}

function three(): { hub: MemoryHub<AnyMessage>; nodes: [Seen, Seen, Seen] } {
  const hub = new MemoryHub<AnyMessage>();
  const nodes: [Seen, Seen, Seen] = [join(hub, 1), join(hub, 2), join(hub, 3)];
  hub.pump();
  for (const { events } of nodes) events.length = 0;
  return { hub, nodes };
}

test('nothing moves but by pump; a flush is one burst; the same calls give the same deliveries', () => {
  const run = (): string[][] => {
    const { hub, nodes } = three();
    const [one, two, three_] = nodes;
    for (let n = 1; n <= 3; n++) one.transport.send(2, { type: 'M', n });
    one.transport.send(3, { type: 'M', n: 4 });
    hub.pump();
    expect(nodes.map(({ events }) => events.length)).toEqual([0, 0, 0]);
    one.transport.flush();
    two.transport.send(3, { type: 'M', n: 5 });
    two.transport.flush();
    expect(hub.waiting).toBe(3);
    expect(hub.pump(1)).toBe(1);
    expect(two.events).toEqual(['1:1', '1:2', '1:3', '.']);
    expect(three_.events).toEqual([]);
    expect(hub.pump()).toBe(2);
    return nodes.map(({ events }) => events);
  };
  expect(run()).toEqual([[], ['1:1', '1:2', '1:3', '.'], ['1:4', '.', '2:5', '.']]);
  expect(run()).toEqual(run());
});

test('answers sent from a callback are delivered by the same pump, and a scheduler is told when there is something', () => {
  let told = 0;
  const hub = new MemoryHub<AnyMessage>(() => told++);
  const [one, two] = [join(hub, 1), join(hub, 2)];
  two.transport.onMessage = (from, message) => {
    two.transport.send(from, { type: 'M', n: -(message.n as number) });
    two.transport.flush();
  };
  expect(told).toBe(1);
  hub.pump();
  one.transport.send(2, { type: 'M', n: 7 });
  one.transport.flush();
  expect(told).toBe(2);
  hub.pump();
  expect(one.events).toEqual(['up 2', '.', '2:-7', '.']);
});

test('a session that ends takes what is under way with it; nothing of it comes after the next up', () => {
  const { hub, nodes } = three();
  const [one, two] = nodes;
  one.transport.send(2, { type: 'M', n: 1 });
  one.transport.flush();
  hub.cut(2, 1);
  one.transport.send(2, { type: 'M', n: 2 });
  expect(one.transport.statistics.droppedDown).toBe(1);
  hub.heal(1, 2);
  // There is a session again, but this node has not yet been told: it means the old one.
  one.transport.send(2, { type: 'M', n: 2 });
  expect(one.transport.statistics.droppedDown).toBe(2);
  hub.pump();
  one.transport.send(2, { type: 'M', n: 3 });
  one.transport.flush();
  hub.pump();
  expect(two.events.filter((event) => event !== '.')).toEqual(['down 1', 'up 1', '1:3']);
  expect(one.events.filter((event) => event !== '.')).toEqual(['down 2', 'up 2']);
  one.transport.send(2, { type: 'M', n: 4 });
  one.transport.flush();
  two.transport.disconnect(1, 'test');
  hub.pump();
  expect(two.events.filter((event) => event !== '.')).toEqual(['down 1', 'up 1', '1:3', 'down 1', 'up 1']);
});

test('a node that joins again is a new one; one that leaves is heard no more', async () => {
  const { hub, nodes } = three();
  const [one, two, three_] = nodes;
  one.transport.send(2, { type: 'M', n: 1 });
  one.transport.flush();
  const again = join(hub, 2);
  two.transport.send(1, { type: 'M', n: 9 });
  two.transport.flush();
  hub.pump();
  expect(two.events).toEqual([]);
  expect(one.events.filter((event) => event !== '.')).toEqual(['down 2', 'up 2']);
  expect(again.events.filter((event) => event !== '.').sort()).toEqual(['up 1', 'up 3']);
  await three_.transport.close();
  hub.pump();
  expect(one.events.at(-2)).toBe('down 3');
  expect(three_.events.filter((event) => event !== '.')).toEqual(['down 2', 'up 2']);
});

test('there is a session only where both know one another', () => {
  const { hub, nodes } = three();
  nodes[0].transport.connect(new Map([[2, { host: 'memory', port: 2 }]]));
  hub.pump();
  expect(nodes.map(({ events }) => events.filter((event) => event !== '.'))).toEqual([
    ['down 3'],
    [],
    ['down 1'],
  ]);
});
