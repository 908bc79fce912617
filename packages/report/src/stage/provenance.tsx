import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Text } from '../text/text.ts';
import { useText } from '../view/context.ts';
import type { Opened, WhyTraced } from './opened.ts';

/**
 * Opens a run once: at once where that can be, so that it is there with the first view. Null while it is under way; the error where it cannot
 * be opened.
 */
export function useOpened(open: () => Opened | Promise<Opened>): Opened | Error | null {
  const first = useMemo(() => attempted(open), []);
  const [later, setLater] = useState<Opened | Error | null>(null);
  useEffect(() => {
    if (first instanceof Promise) first.then(setLater, setLater);
  }, [first]);
  return first instanceof Promise ? later : first;
}

/** A run of results from elsewhere may ask for what this page's protocol does not have: a knob, say. */
function attempted(open: () => Opened | Promise<Opened>): Opened | Promise<Opened> | Error {
  try {
    return open();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Where a run comes from, and what that says of it. */
export function Provenance({ opened: { player, source } }: { readonly opened: Opened }) {
  const text = useText();
  const hash = player.traceHash ?? '';
  switch (source.kind) {
    case 'lesson':
      return null;
    case 'recorded':
      return <p class="same-run">{text.t(hash === source.traceHash ? 'see.same' : 'see.other', { hash })}</p>;
    case 'again':
      return <p class="same-run">{text.t('see.again', { hash })}</p>;
    case 'traced':
      return (
        <p class="same-run">
          {text.t(source.states ? 'see.traced' : 'see.tracedBare', { why: whyOf(text, source.why) })}
        </p>
      );
    default:
      return source satisfies never;
  }
}

function whyOf(text: Text, why: WhyTraced): string {
  switch (why.kind) {
    case 'no-run':
      return text.t('see.whyNoRun');
    case 'no-protocol':
      return text.t('see.whyNoProtocol', { name: why.name });
    case 'other':
      return text.t('see.whyOther');
    case 'unknown':
      return text.t('see.whyUnknown', { message: why.message });
    default:
      return why satisfies never;
  }
}
