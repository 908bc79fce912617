import { type RunFile, readRunFile } from '@quorate/simulator';
import { fromBase64, through } from '../see/inflate.ts';

/** What is shared of a page's runs: one, or two side by side. */
export type Shared = readonly RunFile[];

/** Runs as text that fits into an address: JSON, deflated, in base64 for URLs. */
export async function encodeShared(runs: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(runs));
  const packed = await through(bytes, new CompressionStream('deflate-raw'), BYTES_MAX);
  let binary = '';
  for (const byte of packed) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @throws Error where the text holds no runs */
export async function decodeShared(code: string): Promise<Shared> {
  const packed = fromBase64(code.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = await through(packed, new DecompressionStream('deflate-raw'), BYTES_MAX);
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
