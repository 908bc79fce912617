import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyProtocol, Message } from '@quorate/interface';
import { DiskJournal } from '@quorate/log/disk';
import { simulate, swarmOptions, withPorts } from '@quorate/simulator';
import { FRAME_HEADER_BYTES, MessageDecoder, MessageEncoder } from '@quorate/transport';
import { differenceOf } from './plain.ts';

/** What a protocol sent and saved in some runs, and what the wire makes of it. */
export interface Encoded {
  /** Kinds of messages that were sent, each at least once. */
  readonly types: ReadonlySet<string>;
  /** Messages that did not come back from the wire as they were, and why; the first of each kind. */
  readonly faults: ReadonlyMap<string, string>;
  /** The durable states that were saved, each as it was then. */
  readonly saved: readonly unknown[];
}

/** Runs a protocol under some swarm seeds, and sends every message through the codec of real connections and back. */
export function encodeAll(protocol: AnyProtocol, seeds: readonly number[], milliseconds: number): Encoded {
  const types = new Set<string>();
  const faults = new Map<string, string>();
  const saved: unknown[] = [];
  const wire = new Wire();
  const look = (message: Message) => {
    types.add(message.type);
    const wrong = wire.faultOf(message);
    if (wrong !== null && !faults.has(message.type)) faults.set(message.type, wrong);
  };
  const watched = withPorts(protocol, (ports) => ({
    send: (to, message) => {
      look(message);
      ports.send(to, message);
    },
    sendEarly: (to, message) => {
      look(message);
      ports.sendEarly(to, message);
    },
    broadcast: (to, message) => {
      look(message);
      ports.broadcast(to, message);
    },
    sendSnapshot: (to, header) => {
      look(header);
      ports.sendSnapshot(to, header);
    },
    save: (durable, forced) => {
      saved.push(structuredClone(durable));
      ports.save(durable, forced);
    },
  }));
  for (const seed of seeds) simulate(swarmOptions(watched, seed, milliseconds));
  return { types, faults, saved };
}

/** One connection's two ends. */
class Wire {
  readonly #encoder = new MessageEncoder<Message>();
  readonly #decoder = new MessageDecoder<Message>();
  #known = 0;

  /** How a message comes back changed, or why it can't be sent; null where it comes back equal. */
  faultOf(message: Message): string | null {
    try {
      const frame = this.#encoder.encode(message);
      if (this.#encoder.structureCount > this.#known) {
        this.#decoder.addStructures(this.#encoder.structures(this.#known), FRAME_HEADER_BYTES);
        this.#known = this.#encoder.structureCount;
      }
      return differenceOf(message, this.#decoder.decode(frame, FRAME_HEADER_BYTES), message.type);
    } catch (error) {
      return `${message.type}: ${(error as Error).message}`;
    }
  }
}

/** The first of these durable states that a real journal does not give back as it was, and how; null where it gives back all. */
export async function journalFault(saved: readonly unknown[]): Promise<string | null> {
  const directory = mkdtempSync(join(tmpdir(), 'quorate-conformance-'));
  try {
    const journal = DiskJournal.open(directory);
    for (const _ of journal.recover());
    for (const durable of saved) journal.write({ kind: 'save', durable });
    await journal.close();
    const again = DiskJournal.open(directory);
    const recovered = [...again.recover()];
    await again.close();
    if (recovered.length !== saved.length)
      return `${recovered.length} of ${saved.length} saved states came back`;
    for (const [i, record] of recovered.entries()) {
      const wrong = record.kind === 'save' ? differenceOf(saved[i], record.durable, 'saved') : record.kind;
      if (wrong !== null) return wrong;
    }
    return null;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
