import { type ComponentType, createContext } from 'preact';

/** The views that a page may have. `read` is made from results and works without scripts; the others live only in the page. */
export type ViewName = 'read' | 'see' | 'run' | 'learn';

/** The views of a page that runs nothing. */
export const READ_ONLY: readonly ViewName[] = ['read'];

export interface ViewProps {
  /** What follows the view's name in the address: of `#see=run-3/event-17` it is `run-3/event-17`, decoded; empty of `#see`. */
  readonly argument: string;
  /** Changes the address to this view with another argument, without a new entry in the history. */
  readonly setArgument: (argument: string) => void;
}

/** The components of all views but `read`; a page without scripts has none. */
export type ViewComponents = Readonly<Partial<Record<ViewName, ComponentType<ViewProps>>>>;

export const ViewsContext = createContext<ViewComponents | null>(null);

/** Where a fragment leads: to a view, or to an element of the report. */
export interface Place {
  readonly view: ViewName;
  readonly argument: string;
  /** The id of an element in the view `read`, or empty. */
  readonly anchor: string;
}

/** Reads a fragment, with or without its `#`. What names no view is an element of the first one. */
export function placeOf(fragment: string, views: readonly ViewName[]): Place {
  const [, name = '', argument = ''] = /^#?([^=]*)=?(.*)$/s.exec(fragment) ?? [];
  const view = views.find((candidate) => candidate === name);
  if (view !== undefined) return { view, argument: decoded(argument), anchor: '' };
  return { view: views[0]!, argument: '', anchor: decoded(fragment.replace(/^#/, '')) };
}

/** The fragment that leads to a view: `#see`, `#see=…`. */
export function fragmentOf(view: ViewName, argument = ''): string {
  return argument === '' ? `#${view}` : `#${view}=${encodeURIComponent(argument)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // somebody typed a percent sign
  }
}
