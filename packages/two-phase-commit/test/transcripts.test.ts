import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { TwoPhaseCommitMessage } from '../src/index.ts';
import { World } from './harness.ts';

/* Whole runs as text, in test/traces: what is sent, written, decided and answered, with the time in ms. */

function textOf(message: TwoPhaseCommitMessage): string {
  switch (message.type) {
    case 'Prepare':
    case 'Inquire':
      return message.type;
    case 'Vote':
      return `Vote ${message.vote}${message.acks.length > 0 ? ` + Ack of ${message.acks.length}` : ''}`;
    case 'Decision':
      return `Decision ${message.outcome}`;
    case 'Ack':
      return `Ack of ${message.slots.length}`;
    case 'InquireReply':
      return `InquireReply ${message.answer}`;
  }
}

/** The world's events as lines, from now on. */
function transcribe(world: World): string[] {
  const lines: string[] = [];
  const say = (node: number, what: string) => {
    lines.push(`${String(world.now).padStart(5)}  node ${node}  ${what}`);
  };
  const transmit = world.transmit.bind(world);
  world.transmit = (from, to, message) => {
    say(from, `→ ${to}  ${textOf(message)}`);
    transmit(from, to, message);
  };
  for (const id of world.members.voters) {
    const node = world.node(id);
    const { journal, decide, announce, crash, restart } = node;
    node.journal = (name, forced, redo) => {
      if (name !== 'save') say(id, `writes ${name}${forced ? ', forced' : ''}`);
      journal.call(node, name, forced, redo);
    };
    node.decide = (slot, outcome) => {
      say(id, `decides ${outcome}`);
      decide.call(node, slot, outcome);
    };
    node.announce = (role) => {
      say(id, `is ${role}`);
      announce.call(node, role);
    };
    node.crash = (extra) => {
      say(id, 'crashes');
      crash.call(node, extra);
    };
    node.restart = () => {
      say(id, 'restarts');
      restart.call(node);
    };
  }
  return lines;
}

const runs: Record<string, (world: World) => void> = {
  commit: (world) => {
    world.write(1, 1, 1);
    world.run(4);
    world.write(1, 1, 2);
    world.run(100);
  },
  abort: (world) => {
    world.node(3).resource.force = 'no';
    world.write(1, 1, 1);
    world.run(100);
  },
  blocked: (world) => {
    world.write(1, 1, 1);
    world.run(1);
    world.node(1).crash();
    world.run(1_000);
    world.node(1).restart();
    world.run(1_500);
  },
  'cooperative-termination': (world) => {
    world.arrives = (_from, to, { type }) => !(to === 2 && type === 'Decision');
    world.write(1, 1, 1);
    world.run(3);
    world.node(1).crash();
    world.arrives = () => true;
    world.run(400);
    world.node(1).restart();
    world.run(100);
  },
};

it.each(Object.keys(runs))('test/traces/%s.txt', (name) => {
  const world = new World(3);
  const lines = transcribe(world);
  runs[name]!(world);
  const wanted = readFileSync(new URL(`traces/${name}.txt`, import.meta.url), 'utf8');
  expect(`${lines.join('\n')}\n`).toBe(wanted);
});
