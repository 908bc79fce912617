import type { Operation } from './history.ts';
import type { Verdict } from './verdict.ts';

/**
 * Whether appends took effect exactly once, judged from each key's final value: an answered append occurs in it once, one of unknown
 * outcome at most once, a failed one never, and there is nothing else in it. Judges keys that were only appended to and read.
 *
 * Each appended text must be unique to its key, and none may begin another (numbers in brackets will do); else: `unknown`.
 * @param final the value of each key at the end; a key that is missing has none
 */
export function checkExactlyOnce(
  history: readonly Operation[],
  final: ReadonlyMap<string, string>,
): Verdict<Operation> {
  const check = 'exactly-once';
  const appends = new Map<string, Operation[]>();
  const overwritten = new Set<string>();
  for (const operation of history) {
    const key = operation.key ?? '';
    if (operation.input.kind !== 'append') {
      if (operation.input.kind !== 'get') overwritten.add(key);
      continue;
    }
    const others = appends.get(key);
    if (others === undefined) appends.set(key, [operation]);
    else others.push(operation);
  }
  let judged = 0;
  for (const [key, operations] of appends) {
    if (overwritten.has(key)) continue;
    const texts = new Map(operations.map((one) => [textOf(one), one]));
    if (texts.size < operations.length || !prefixFree([...texts.keys()]))
      return { check, verdict: 'unknown', detail: `the texts appended to key "${key}" cannot be told apart` };
    const wrong = judgeKey(texts, final.get(key) ?? '');
    if (wrong !== null) {
      const { why, pattern, items } = wrong;
      const witness = { kind: 'contradiction', pattern, key, items, edges: [], unsure: [] } as const;
      return { check, verdict: 'violated', detail: `key "${key}": ${why}`, witness };
    }
    judged += operations.length;
  }
  const detail = `${judged} appends to ${appends.size} keys`;
  if (judged === 0 && appends.size > 0)
    return { check, verdict: 'unknown', detail: `${detail}, all of which were overwritten too` };
  return { check, verdict: 'ok', detail };
}

interface Wrong {
  readonly pattern: 'unwritten' | 'duplicate' | 'failed' | 'lost';
  readonly why: string;
  /** The append that it is about, if there is one. */
  readonly items: readonly Operation[];
}

function judgeKey(texts: ReadonlyMap<string, Operation>, value: string): Wrong | null {
  const lengths = [...new Set([...texts.keys()].map((text) => text.length))];
  const found = new Set<string>();
  for (let at = 0; at < value.length; ) {
    const length = lengths.find((candidate) => texts.has(value.slice(at, at + candidate)));
    if (length === undefined) {
      const why = `nobody appended what stands at ${at}: ${JSON.stringify(value.slice(at, at + 20))}`;
      return { pattern: 'unwritten', why, items: [] };
    }
    const text = value.slice(at, at + length);
    const append = texts.get(text)!;
    const shown = { items: [append] };
    if (found.has(text))
      return { ...shown, pattern: 'duplicate', why: `${JSON.stringify(text)} is there twice` };
    if (append.status === 'fail')
      return {
        ...shown,
        pattern: 'failed',
        why: `${JSON.stringify(text)} is there, though its append failed`,
      };
    found.add(text);
    at += length;
  }
  for (const [text, append] of texts) {
    if (append.status !== 'ok' || found.has(text)) continue;
    const why = `${JSON.stringify(text)} is missing, though process ${append.process} was told that it was appended`;
    return { pattern: 'lost', why, items: [append] };
  }
  return null;
}

function textOf({ input }: Operation): string {
  return input.kind === 'append' ? input.value : '';
}

/** Whether no text is empty or begins another. */
function prefixFree(texts: string[]): boolean {
  // After sorting, a text that begins others stands right before one of them.
  const sorted = texts.sort();
  return sorted.every((text, i) => text !== '' && !sorted[i + 1]?.startsWith(text));
}
