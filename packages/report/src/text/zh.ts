import type { Catalogue } from './catalogue.ts';
import { findings } from './zh/findings.ts';
import { names } from './zh/names.ts';
import { read } from './zh/read.ts';
import { said } from './zh/said.ts';
import { shell } from './zh/shell.ts';
import { sources } from './zh/sources.ts';
import { stage } from './zh/stage.ts';
import { tell } from './zh/tell.ts';

/** Simplified Chinese. */
export const zh: Catalogue = {
  ...shell,
  ...findings,
  ...names,
  ...read,
  ...said,
  ...sources,
  ...tell,
  ...stage,
};
