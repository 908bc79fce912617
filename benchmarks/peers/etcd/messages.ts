/**
 * The few messages of etcd's API that a load needs, as protocol buffers (`rpc.proto` of etcd 3): a field is a varint of number and kind, then a
 * varint, or a length and bytes.
 */

/** Paths of the calls. */
export const METHOD = {
  put: '/etcdserverpb.KV/Put',
  range: '/etcdserverpb.KV/Range',
  status: '/etcdserverpb.Maintenance/Status',
} as const;

const VARINT = 0;
const BYTES = 2;
/** Tags: `PutRequest.key` and `RangeRequest.key` are field 1, `PutRequest.value` is field 2. */
const KEY = (1 << 3) | BYTES;
const VALUE = (2 << 3) | BYTES;

/** Bytes of a PutRequest, or of a RangeRequest where `value` is null. */
export function requestBytes(key: string, value: string | null): number {
  const keyBytes = Buffer.byteLength(key);
  const length = 1 + varintBytes(keyBytes) + keyBytes;
  if (value === null) return length;
  const valueBytes = Buffer.byteLength(value);
  return length + 1 + varintBytes(valueBytes) + valueBytes;
}

/** Writes what `requestBytes` has measured. */
export function writeKeyValue(target: Buffer, start: number, key: string, value: string | null): void {
  let at = writeText(target, start, KEY, key);
  if (value !== null) at = writeText(target, at, VALUE, value);
}

function writeText(target: Buffer, start: number, tag: number, text: string): number {
  const length = Buffer.byteLength(text);
  target[start] = tag;
  const at = writeVarint(target, start + 1, length);
  target.write(text, at);
  return at + length;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 0x7f; rest >>>= 7) bytes++;
  return bytes;
}

function writeVarint(target: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) target[at++] = (rest & 0x7f) | 0x80;
  target[at++] = rest;
  return at;
}

/** A StatusResponse's fields that tell whether the member that sent it leads: `header.member_id` and `leader`. */
export function readStatus(bytes: Buffer): { readonly member: bigint; readonly leader: bigint } {
  const fields = readFields(bytes);
  const header = fields.get(1);
  const member = header instanceof Buffer ? readFields(header).get(2) : undefined;
  const leader = fields.get(4);
  return {
    member: typeof member === 'bigint' ? member : 0n,
    leader: typeof leader === 'bigint' ? leader : 0n,
  };
}

/** The last value of each field: numbers, or bytes. */
function readFields(bytes: Buffer): Map<number, bigint | Buffer> {
  const fields = new Map<number, bigint | Buffer>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('a message ends in the middle of a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const kind = tag & 7;
    if (kind === VARINT) fields.set(tag >> 3, varint());
    else if (kind === BYTES) {
      const length = Number(varint());
      fields.set(tag >> 3, bytes.subarray(at, at + length));
      at += length;
    } else throw new RangeError(`a field of kind ${kind}, which no message here has`);
  }
  return fields;
}
