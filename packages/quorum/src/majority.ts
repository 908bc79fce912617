/** How many of `n` voters are a majority: any two majorities share a voter, which is what every safety proof rests on. */
export function majority(n: number): number {
  return (n >> 1) + 1;
}

/** Holds the values being ordered by `committedIndex`; kept so that the hot path allocates nothing. */
const descending: number[] = [];

/**
 * The highest index that a majority of `voters` has reached, where `indexByNode[v]` is what voter `v` has reached (0 where
 * nothing is known). `Infinity` for no voters at all, so that an empty half never holds back a joint majority.
 */
export function committedIndex(voters: readonly number[], indexByNode: readonly number[]): number {
  const n = voters.length;
  if (n === 0) return Number.POSITIVE_INFINITY;
  // An insertion sort: n is 3, 5 or 7, and nothing is allocated.
  for (let i = 0; i < n; i++) {
    const index = indexByNode[voters[i]!] ?? 0;
    let at = i;
    while (at > 0 && descending[at - 1]! < index) {
      descending[at] = descending[at - 1]!;
      at--;
    }
    descending[at] = index;
  }
  // ⌊n/2⌋ voters stand before this one and have reached at least as much: with it they are a majority.
  return descending[n >> 1]!;
}

/** Where a vote stands. */
export type VoteResult = 'won' | 'lost' | 'pending';

/**
 * The result of a vote among `voters`: `votesByNode[v]` is true where `v` granted, false where it refused, null or undefined
 * where it has not answered. `lost` as soon as no majority can grant any more. No voters at all: `won`.
 */
export function voteResult(
  voters: readonly number[],
  votesByNode: readonly (boolean | null | undefined)[],
): VoteResult {
  const n = voters.length;
  if (n === 0) return 'won';
  let granted = 0;
  let refused = 0;
  for (let i = 0; i < n; i++) {
    const vote = votesByNode[voters[i]!];
    if (vote === true) granted++;
    else if (vote === false) refused++;
  }
  const needed = majority(n);
  if (granted >= needed) return 'won';
  return n - refused < needed ? 'lost' : 'pending';
}

/** Whether `flagByNode` is set for a majority of `voters`. True for no voters at all. */
export function hasMajority(
  voters: readonly number[],
  flagByNode: readonly (boolean | undefined)[],
): boolean {
  let set = 0;
  for (let i = 0; i < voters.length; i++) if (flagByNode[voters[i]!] === true) set++;
  return voters.length === 0 || set >= majority(voters.length);
}
