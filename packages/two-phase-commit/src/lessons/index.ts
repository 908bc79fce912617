/**
 * What this protocol brings for readers: lessons, and its words.
 * @packageDocumentation
 */
import type { Teaching } from '@quorate/interface';
import { abort } from './abort.ts';
import { blocked } from './blocked.ts';
import { bugs } from './bugs.ts';
import { commit } from './commit.ts';
import { impatient } from './impatient.ts';
import { partial } from './partial.ts';
import { terms } from './terms.ts';

export const teaching: Teaching = { lessons: [commit, abort, blocked, partial, impatient], terms, bugs };
