import { fromColumns, type Trace, type TraceColumns, type TraceState } from '@quorate/trace';

/** Bytes through a stream that packs or unpacks them. @throws RangeError where they come to more than `bytesMax` */
export async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  bytesMax: number,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  writer.write(bytes).then(
    () => writer.close(),
    () => undefined, // the reader is told
  );
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.readable.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
    length += next.value.length;
    if (length > bytesMax) throw new RangeError(`more than ${bytesMax} bytes`);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @throws DOMException where the text is no base64 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** A million events take about 16 MB. */
const TRACE_BYTES_MAX = 200_000_000;

/** A trace, and how each node was, where its file said so. */
export interface UnpackedTrace {
  readonly trace: Trace;
  readonly states: readonly TraceState[];
}

/** What `packTrace` packed. @throws Error on anything else */
export async function unpackTrace(packed: string): Promise<UnpackedTrace> {
  const stream = new DecompressionStream('deflate-raw');
  const bytes = await through(fromBase64(packed), stream, TRACE_BYTES_MAX);
  const json = JSON.parse(new TextDecoder().decode(bytes)) as {
    readonly events: TraceColumns;
    readonly states: readonly TraceState[];
  };
  return { trace: fromColumns(json.events), states: json.states };
}
