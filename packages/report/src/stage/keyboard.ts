import { useState } from 'preact/hooks';

/** Drawn things of which one at a time can be reached with the Tab key; arrow keys lead from one to the next. */
export interface Roving {
  /** What the element around them needs. */
  readonly container: {
    onKeyDown(event: KeyboardEvent): void;
    onFocusIn(event: FocusEvent): void;
  };
  /** What makes the drawn thing of a name a button. */
  item(name: string, label: string, act: () => void): RovingItem;
}

interface RovingItem {
  readonly role: 'button';
  readonly tabindex: number; // in SVG, attributes are spelt as they are
  readonly 'aria-label': string;
  readonly 'data-name': string;
  onClick(): void;
  onKeyDown(event: KeyboardEvent): void;
}

/**
 * One stop for the Tab key, whatever is drawn: a cluster of five has ten links and dozens of messages.
 * @param names of all that can be reached, in the order in which arrow keys go through it; numbered things first
 */
export function useRoving(names: readonly string[]): Roving {
  const [last, setLast] = useState('');
  const reached = names.includes(last) ? last : names[0]; // what was reached last may be gone: a message arrives
  const nameOf = ({ target }: Event) => (target as Element).getAttribute('data-name') ?? '';
  return {
    container: {
      onFocusIn: (event) => setLast(nameOf(event)),
      onKeyDown(event) {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const next = nextOf(names, names.indexOf(nameOf(event)), event.key);
        if (next === undefined) return;
        event.preventDefault();
        (event.currentTarget as Element).querySelector<SVGElement>(`[data-name="${next}"]`)?.focus();
      },
    },
    item: (name, label, act) => ({
      role: 'button',
      tabindex: name === reached ? 0 : -1,
      'aria-label': label,
      'data-name': name,
      onClick: act,
      onKeyDown(event) {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        act();
      },
    }),
  };
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Arrow keys go on and back and round, Home and End to the ends, a digit to the thing of that number. */
function nextOf(names: readonly string[], at: number, key: string): string | undefined {
  const step = STEPS[key];
  if (step !== undefined) return names[(at + step + names.length) % names.length];
  if (key === 'Home') return names[0];
  if (key === 'End') return names.at(-1);
  return /^[1-9]$/.test(key) ? names[Number(key) - 1] : undefined;
}
