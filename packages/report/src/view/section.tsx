import { type ComponentChildren, createElement } from 'preact';
import { useContext } from 'preact/hooks';
import { LevelContext } from './context.ts';

interface HeadingProps {
  readonly children: ComponentChildren;
  readonly id?: string;
  readonly class?: string;
  /** Levels below that of the section around it. */
  readonly below?: number;
}

/** A heading of the level that fits where it stands. */
export function Heading({ children, below = 0, ...attributes }: HeadingProps) {
  const level = Math.min(6, useContext(LevelContext) + below);
  return createElement(`h${level}`, attributes, children);
}

interface SectionProps {
  readonly id: string;
  readonly title: string;
  /** What the section shows and how to read it. */
  readonly lede?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A part of the report: heading and guidance on the left where there is room, its figures on the right. */
export function Section({ id, title, lede, children }: SectionProps) {
  const level = useContext(LevelContext);
  return (
    <section class="part" id={id} aria-labelledby={`${id}-title`}>
      <div class="part-head">
        <Heading id={`${id}-title`} class="part-title">
          {title}
        </Heading>
        {lede === undefined ? null : <div class="lede">{lede}</div>}
      </div>
      <div class="part-body">
        <LevelContext.Provider value={level + 1}>{children}</LevelContext.Provider>
      </div>
    </section>
  );
}
