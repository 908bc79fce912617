import type { Operation } from '@quorate/state-machine';
import { useState } from 'preact/hooks';
import { operationOf, statusOf, type Telling, valueInShort } from '../see/tell.ts';
import { useText } from '../view/context.ts';
import type { Act } from './actions.tsx';
import type { Player } from './player.ts';
import { useRegionName } from './whose.ts';

const KINDS = ['put', 'get', 'append', 'cas', 'delete'] as const;

/** A client's request, written by hand. */
export function Ask({ nodes, act }: { readonly nodes: number; readonly act: Act }) {
  const text = useText();
  const regionName = useRegionName();
  const [node, setNode] = useState(1);
  const [kind, setKind] = useState<(typeof KINDS)[number]>('put');
  const [key, setKey] = useState('x');
  const [value, setValue] = useState('1');
  const [expected, setExpected] = useState('');
  const needsValue = kind === 'put' || kind === 'append' || kind === 'cas';
  const operation = (): Operation => {
    if (kind === 'get' || kind === 'delete') return { kind, key };
    return kind === 'cas'
      ? { kind, key, expected: expected === '' ? null : expected, value }
      : { kind, key, value };
  };
  return (
    <form
      class="ask"
      aria-label={regionName(text.t('ask.title'))}
      onSubmit={(event) => {
        event.preventDefault();
        act((session) => session.ask(Math.min(node, nodes), operation()), true);
      }}
    >
      <label>
        <span>{text.t('ask.at')}</span>
        <select value={node} onChange={(event) => setNode(Number(event.currentTarget.value))}>
          {Array.from({ length: nodes }, (_, i) => (
            <option key={i} value={i + 1}>
              {text.t('see.node', { number: i + 1 })}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{text.t('ask.operation')}</span>
        <select
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as (typeof KINDS)[number])}
        >
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{text.t('ask.key')}</span>
        <input value={key} maxLength={64} required onInput={(event) => setKey(event.currentTarget.value)} />
      </label>
      {kind === 'cas' ? (
        <label>
          <span>{text.t('ask.expected')}</span>
          <input
            value={expected}
            maxLength={256}
            onInput={(event) => setExpected(event.currentTarget.value)}
          />
        </label>
      ) : null}
      {needsValue ? (
        <label>
          <span>{text.t('ask.value')}</span>
          <input value={value} maxLength={256} onInput={(event) => setValue(event.currentTarget.value)} />
        </label>
      ) : null}
      <button type="submit" class="primary">
        {text.t('ask.send')}
      </button>
    </form>
  );
}

const SHOWN = 6;

interface OperationsProps {
  readonly player: Player;
  readonly telling: Telling;
  readonly followed: number;
  readonly onFollow: (operation: number) => void;
}

/** What clients asked last, and how it stands at the moment looked at. */
export function Operations({ player, telling, followed, onFollow }: OperationsProps) {
  const text = useText();
  const regionName = useRegionName();
  const { diagram, events, time } = player;
  const begun = diagram.operations
    .filter((span) => span !== undefined && span.invokedAt < events)
    .slice(-SHOWN);
  if (begun.length === 0) return null;
  return (
    <section class="operations" aria-label={regionName(text.t('ask.asked'))}>
      <h3>{text.t('ask.asked')}</h3>
      <ul>
        {begun.map((span) => {
          const isOpen = span.returnedAt < 0 || span.returnedAt >= events;
          const status = isOpen ? 'pending' : (['ok', 'failed', 'unknown'][span.status] ?? 'unknown');
          const output = isOpen ? undefined : player.recorder.operations[span.operation]?.output;
          return (
            <li key={span.operation} class={`is-${status}`}>
              <span>
                <code>{operationOf(telling, span.operation)}</code>
                {text.rich('ask.atNode', { node: span.home, status: <b>{statusOf(text, status)}</b> })}
                {output?.value == null ? '' : ` “${valueInShort(text, String(output.value))}”`}{' '}
                {text.quantity('duration', (isOpen ? time : span.to) - span.from)}
              </span>
              {isOpen ? null : (
                <button
                  type="button"
                  aria-pressed={followed === span.operation}
                  onClick={() => onFollow(followed === span.operation ? 0 : span.operation)}
                >
                  {text.t('ask.follow')}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
