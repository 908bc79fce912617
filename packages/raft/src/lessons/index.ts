/**
 * What this protocol brings for readers: lessons, and its words.
 * @packageDocumentation
 */
import type { Teaching } from '@quorate/interface';
import { bugs } from './bugs.ts';
import { election } from './election.ts';
import { figure7 } from './figure-7.ts';
import { figure8 } from './figure-8.ts';
import { figure8Broken } from './figure-8-broken.ts';
import { leaderCrash } from './leader-crash.ts';
import { staleLeader } from './stale-leader.ts';
import { terms } from './terms.ts';

export const teaching: Teaching = {
  lessons: [election, leaderCrash, staleLeader, figure7, figure8, figure8Broken],
  terms,
  bugs,
};
