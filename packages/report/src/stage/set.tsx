import type { ComponentChildren } from 'preact';

interface SetProps {
  readonly label: string;
  readonly class: string;
  /** Whether the label is shown; a screen reader says it in any case. */
  readonly shown?: boolean;
  readonly children: ComponentChildren;
}

/** Controls that belong together. */
export function ControlSet({ label, class: name, shown = false, children }: SetProps) {
  return (
    <fieldset class={name}>
      <legend class={shown ? undefined : 'heard'}>{label}</legend>
      {children}
    </fieldset>
  );
}
