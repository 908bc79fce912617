import type { en } from './en.ts';

/**
 * One text. `{name}` is a parameter. A plural has a form for each of the language's plural categories that needs one, chosen by its
 * parameter `count`; `other` serves all the rest.
 */
export type Message = string | Plural;

export interface Plural {
  readonly one?: string;
  readonly other: string;
}

/** The name of a text. English has all of them; what is missing from another language does not compile. */
export type Key = keyof typeof en;

/** All texts of one language. */
export type Catalogue = Readonly<Record<Key, Message>>;

type NamesIn<T> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type FormsOf<M> = M extends string
  ? M
  : M extends Plural
    ? M['other'] | NonNullable<M['one']> | '{count}'
    : never;

/** The names of a text's parameters, from its English form. */
export type ParameterOf<K extends Key> = NamesIn<FormsOf<(typeof en)[K]>>;

/** What must follow a key: nothing, or a value for each of its parameters. */
export type Values<K extends Key, V> = [ParameterOf<K>] extends [never]
  ? []
  : [values: Readonly<Record<ParameterOf<K>, V>>];

/** One part of a catalogue in another language: the keys of its English part. */
export type Translation<Part> = Readonly<Record<keyof Part, Message>>;
