import { findings } from './en/findings.ts';
import { names } from './en/names.ts';
import { read } from './en/read.ts';
import { said } from './en/said.ts';
import { shell } from './en/shell.ts';
import { sources } from './en/sources.ts';
import { stage } from './en/stage.ts';
import { tell } from './en/tell.ts';

/** English: every text of the page. The other languages have the same keys and parameters. */
export const en = {
  ...shell,
  ...findings,
  ...names,
  ...read,
  ...said,
  ...sources,
  ...tell,
  ...stage,
} as const;
