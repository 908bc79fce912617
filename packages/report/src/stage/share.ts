import { type RunFile, readRunFile } from '@quorate/simulator';

/** What is shared of a page's runs: one, or two side by side. */
export type Shared = readonly RunFile[];

/** Runs as text that fits into an address: JSON, deflated, in base64 for URLs. */
export async function encodeShared(runs: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(runs));
  const packed = await through(bytes, new CompressionStream('deflate-raw'));
  let binary = '';
  for (const byte of packed) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @throws Error where the text holds no runs */
export async function decodeShared(code: string): Promise<Shared> {
  const binary = atob(code.replaceAll('-', '+').replaceAll('_', '/'));
  const packed = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  const bytes = await through(packed, new DecompressionStream('deflate-raw'));
  return readShared(JSON.parse(new TextDecoder().decode(bytes)));
}

/** A run, or a list of one or two, from JSON. @throws RunFileError on anything else */
export function readShared(json: unknown): Shared {
  const runs = (Array.isArray(json) ? json : [json]).map(readRunFile);
  if (runs.length < 1 || runs.length > 2) throw new RangeError(`${runs.length} runs; allowed: one or two`);
  return runs;
}

/** What unpacks to more than this is no run that somebody led by hand. */
const BYTES_MAX = 4_000_000;

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
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
    if (length > BYTES_MAX) throw new RangeError('what is shared is too large');
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
