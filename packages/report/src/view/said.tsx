import type { ComponentChildren } from 'preact';
import { useText } from './context.ts';

/**
 * What results say in English, told in the page's language. What it has no words for (a paper's title, a check's detail) stays as it is, and
 * is marked as English, so that it is read aloud as such.
 */
export function Said({ text: original }: { readonly text: string }): ComponentChildren {
  return useText()
    .told(original)
    .map((part, i) =>
      typeof part === 'string' ? (
        part
      ) : (
        <span key={i} lang="en">
          {part.english}
        </span>
      ),
    );
}
