import type { Changes } from '@quorate/bench/results';
import { useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ReportData } from '../data/report.ts';
import { openRuns, type Run } from '../data/run.ts';
import { LANGUAGE, LANGUAGES, type Language } from '../text/language.ts';
import { textOf } from '../text/text.ts';
import { TextContext, useText } from './context.ts';
import { pageTitle, Read } from './read.tsx';
import { fragmentOf, type Place, placeOf, READ_ONLY, type ViewName, ViewsContext } from './views.ts';

interface PageProps {
  readonly data: ReportData;
  readonly language: Language;
  /** Told when the reader chooses another language. */
  readonly onLanguage?: (language: Language) => void;
}

const NO_CHANGES: readonly Changes[] = [];

/** The whole page below `<body>`: the same text makes the file and, with scripts, brings it to life. */
export function Page({ data, language: first, onLanguage }: PageProps) {
  const [language, setLanguage] = useState(first);
  const text = textOf(language);
  const opened = useMemo(() => openRuns(data, text), [data, text]);
  const choose = (chosen: Language) => {
    setLanguage(chosen);
    onLanguage?.(chosen);
  };
  return (
    <TextContext.Provider value={text}>
      <Shell
        runs={opened}
        changes={data.changes ?? NO_CHANGES}
        views={data.views ?? READ_ONLY}
        onLanguage={choose}
      />
    </TextContext.Provider>
  );
}

interface ShellProps {
  readonly runs: readonly Run[];
  readonly changes: readonly Changes[];
  /** In their order; the first is what an address without a fragment leads to. */
  readonly views: readonly ViewName[];
  readonly onLanguage: (language: Language) => void;
}

/** What stands around the views: the bar above, the foot below, and which view is shown. */
function Shell({ runs, changes, views, onLanguage }: ShellProps) {
  const text = useText();
  const { place, reading } = usePlace(views);
  const main = useRef<HTMLElement>(null);
  const title = runs.length === 0 ? '' : pageTitle(runs, text);
  useShown(place, main, reading);
  useLayoutEffect(() => {
    document.documentElement.lang = LANGUAGE[text.language].tag;
    const whole = title === '' ? text.t('shell.titleOfPlay') : text.t('shell.title', { title });
    document.title =
      place.view === 'read'
        ? whole
        : text.t('shell.titleOfView', { view: text.t(`view.${place.view}`), title: whole });
  }, [text, title, place.view]);
  // the same element as long as nothing in it changes: charts need no new drawing when the address does
  const read = useMemo(() => <Read runs={runs} changes={changes} />, [runs, changes]);
  return (
    <>
      <a class="skip" href="#content">
        {text.t('shell.skip')}
      </a>
      <header class="bar">
        <span class="brand">Quorate</span>
        <Views views={views} current={place.view} />
        <Languages onLanguage={onLanguage} />
      </header>
      <main id="content" ref={main} tabIndex={-1}>
        {views.includes('read') ? (
          <div class="view" hidden={place.view !== 'read'}>
            {read}
          </div>
        ) : (
          <noscript>{text.t('shell.needsScripts')}</noscript>
        )}
        <OtherView place={place} />
      </main>
      <footer>
        <p>{text.t('shell.made')}</p>
      </footer>
    </>
  );
}

/** Links to the views; a page with one view needs none. They lead somewhere only where scripts run. */
function Views({ views, current }: { readonly views: readonly ViewName[]; readonly current: ViewName }) {
  const text = useText();
  if (views.length < 2) return null;
  return (
    <nav class="views" aria-label={text.t('shell.views')}>
      <ul>
        {views.map((name) => (
          <li key={name}>
            <a href={fragmentOf(name)} aria-current={name === current ? 'page' : undefined}>
              {text.t(`view.${name}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Languages({ onLanguage }: Pick<ShellProps, 'onLanguage'>) {
  const text = useText();
  return (
    <fieldset class="languages">
      <legend class="heard">{text.t('shell.language')}</legend>
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          lang={LANGUAGE[language].tag}
          aria-pressed={language === text.language}
          onClick={() => onLanguage(language)}
        >
          {LANGUAGE[language].name}
        </button>
      ))}
    </fieldset>
  );
}

/** A view that only the page has. */
function OtherView({ place }: { readonly place: Place }) {
  const components = useContext(ViewsContext);
  const View = components?.[place.view];
  if (View === undefined) return null;
  return (
    <div class="view">
      <View
        argument={place.argument}
        setArgument={(argument) => {
          history.replaceState(null, '', fragmentOf(place.view, argument));
          dispatchEvent(new HashChangeEvent('hashchange'));
        }}
      />
    </div>
  );
}

interface Whereabouts {
  readonly place: Place;
  /** How far the report was scrolled when it was last left, in pixels. */
  readonly reading: { readonly current: number };
}

/** Where the address leads, now and whenever it changes. */
function usePlace(views: readonly ViewName[]): Whereabouts {
  const [place, setPlace] = useState(() => placeOf('', views));
  const reading = useRef(0);
  useLayoutEffect(() => {
    let shown: ViewName | null = null;
    const follow = () => {
      const next = placeOf(location.hash, views);
      if (shown === 'read' && next.view !== 'read') reading.current = scrollY; // before it is hidden
      shown = next.view;
      setPlace(next);
    };
    follow();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, [views]);
  return { place, reading };
}

/**
 * Whoever comes to another view begins at its top, also with the keyboard. Whoever comes back to the report goes on reading where it was
 * left, unless the address names an element of it.
 */
function useShown(
  { view, anchor }: Place,
  main: { readonly current: HTMLElement | null },
  reading: Whereabouts['reading'],
): void {
  const before = useRef<ViewName | null>(null);
  useEffect(() => {
    const changed = before.current !== null && before.current !== view;
    before.current = view;
    if (!changed) return;
    const target = anchor === '' ? null : document.getElementById(anchor);
    if (target !== null) target.scrollIntoView();
    else {
      scrollTo({ top: view === 'read' ? reading.current : 0, behavior: 'instant' });
      main.current?.focus({ preventScroll: true });
    }
  }, [view, anchor, main, reading]);
}
