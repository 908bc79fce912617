import type { Sessions } from './causal-order.ts';
import type { Operation } from './history.ts';
import { keyValueModel } from './models.ts';

const SHOWN = 12;
const { describe } = keyValueModel();

/** Operations in a line of text. */
export function inWords(operations: readonly Operation[]): string {
  const shown = operations.slice(0, SHOWN).map(({ process, key, input, output, status, start, end }) => {
    const on = key === undefined ? '' : ` on ${JSON.stringify(key)}`;
    const what = describe(input, status === 'ok' ? output : undefined);
    return `process ${process}: ${what}${on} [${start}, ${status === 'ok' ? end : 'unknown'}]`;
  });
  if (operations.length > SHOWN) shown.push(`and ${operations.length - SHOWN} more`);
  return shown.join('; ');
}

/** What is wrong with some operations of a part, and those that link them. */
export function wrongInWords(what: string, part: Sessions, found: readonly number[]): string {
  const links = part.operations.filter((_, i) => !found.includes(i));
  const linked = links.length === 0 ? '' : ` What links them: ${inWords(links)}.`;
  return `${what}: ${inWords(found.map((i) => part.operations[i]!))}.${linked}`;
}
