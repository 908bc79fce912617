import { writeU32 } from '@quorate/interface';
import { encodeCommand } from '@quorate/state-machine';

const ZERO = '0'.charCodeAt(0);
/** No number here has more digits. */
const DIGITS_MAX = 16;

interface Template {
  readonly bytes: Uint8Array;
  /** Behind the last digit of the key, and of the value's number. */
  readonly keyDigitsEnd: number;
  readonly numberEnd: number;
}

/**
 * Writes the commands of a load that only puts. All of them are alike but for a few digits: so each is a copy of one of its kind, with its own
 * digits. Encoding each anew would cost more than all the rest of an operation here.
 */
export class PutWriter {
  readonly #keyPrefix: string;
  readonly #valueBytes: number;
  /** By digits of the key and of the number. */
  readonly #templates: (Template | undefined)[] = [];

  constructor(keyPrefix: string, valueBytes: number) {
    this.#keyPrefix = keyPrefix;
    this.#valueBytes = valueBytes;
  }

  /**
   * The command that puts the value `v<n>…` on the `key`th key. `into` is used again where it has the right size: it holds a command that nobody
   * needs any more.
   */
  write(into: Uint8Array, client: number, sequence: number, key: number, n: number): Uint8Array {
    const kind = digitsOf(key) * DIGITS_MAX + digitsOf(n);
    const template = this.#templates[kind] ?? this.#makeTemplate(kind, key, n);
    const { bytes } = template;
    const command = into.length === bytes.length ? into : new Uint8Array(bytes.length);
    command.set(bytes);
    writeU32(command, 0, client);
    writeU32(command, 4, sequence);
    writeDigits(command, template.keyDigitsEnd, key);
    writeDigits(command, template.numberEnd, n);
    return command;
  }

  #makeTemplate(kind: number, key: number, n: number): Template {
    const value = numberedValue(n, this.#valueBytes);
    const bytes = encodeCommand({
      client: 1,
      sequence: 1,
      operation: { kind: 'put', key: `${this.#keyPrefix}${key}`, value },
    });
    // The value, which is all ASCII, ends the command, and the key stands before it.
    const valueAt = bytes.length - value.length;
    const template = { bytes, keyDigitsEnd: valueAt, numberEnd: valueAt + 1 + digitsOf(n) };
    this.#templates[kind] = template;
    return template;
  }
}

/** The value that the `n`th operation of a load writes: unique, and as long as asked for. */
export function numberedValue(n: number, bytes: number): string {
  return `v${n}`.padEnd(bytes, '.');
}

function digitsOf(n: number): number {
  let digits = 1;
  for (let limit = 10; n >= limit; limit *= 10) digits++;
  return digits;
}

/** Writes a number in decimals, its last digit before `end`. */
function writeDigits(target: Uint8Array, end: number, n: number): void {
  let at = end;
  let rest = n;
  do {
    const tenth = Math.floor(rest / 10);
    target[--at] = ZERO + rest - 10 * tenth;
    rest = tenth;
  } while (rest > 0);
}
