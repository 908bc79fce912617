import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Key } from '../text/catalogue.ts';
import { useText } from '../view/context.ts';

type PlainKey = Extract<Key, `key.${string}`>;

/** What the marks of the diagram mean, each drawn as the diagram draws it. */
const MARKS: readonly (readonly [PlainKey, ComponentChildren])[] = [
  ['key.message', <path key="0" class="flight" d="M2 3l18 10m0 0l-6-.5m6 .5l-3.4-5" />],
  ['key.lost', <path key="0" class="bad" d="M2 3l11 6M10 5l8 8M18 5l-8 8" />],
  ['key.request', <rect key="0" class="good" x="1" y="5" width="20" height="6" />],
  ['key.write', <path key="0" class="write" d="M1 8h15m0 0l3-3 3 3-3 3z" />],
  [
    'key.decide',
    <g key="0">
      <circle class="good" cx="11" cy="8" r="6" />
      <path class="tick" d="M8 8l2.2 2.4L14.2 6" />
    </g>,
  ],
  [
    'key.many',
    <path key="0" class="many" d="M2 14v-4M5 14v-7M8 14v-10M11 14v-9M14 14v-5M17 14v-8M20 14v-3" />,
  ],
  ['key.leads', <rect key="0" class="leads" x="1" y="2" width="20" height="12" />],
  ['key.between', <path key="0" class="hatch between" d="M1 14L9 2M7 14l8-12M13 14l8-12" />],
  ['key.down', <path key="0" class="hatch" d="M1 14L9 2M7 14l8-12M13 14l8-12" />],
  [
    'key.fault',
    <g key="0">
      <rect class="fault" x="1" y="1" width="20" height="14" />
      <path class="bad" d="M1 2h20" />
    </g>,
  ],
];

/** The key to the diagram: unfolded where there is room and readers are new to it. */
export function DiagramKey({ shown }: { readonly shown: boolean }) {
  const text = useText();
  const [open] = useState(() => shown && matchMedia('(min-width: 60rem)').matches);
  return (
    <details class="diagram-key" open={open}>
      <summary>{text.t('see.key')}</summary>
      <ul>
        {MARKS.map(([name, mark]) => (
          <li key={name}>
            <svg viewBox="0 0 22 16" aria-hidden="true">
              {mark}
            </svg>
            {text.t(name)}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The key to the logs in the table of nodes. */
export function LogKey() {
  const text = useText();
  return (
    <p class="log-key">
      <span>{text.t('key.entry')}</span>
      <span>
        <span class="entry epoch-1 decided" aria-hidden="true" /> {text.t('key.decided')}
      </span>
      <span>
        <span class="entry epoch-1" aria-hidden="true" /> {text.t('key.durable')}
      </span>
      <span>
        <span class="entry epoch-1 volatile" aria-hidden="true" /> {text.t('key.volatile')}
      </span>
    </p>
  );
}
