import { describe, expect, it } from 'vitest';
import { FaultState, type ResolvedEvent } from '../src/index.ts';

const nodes = [0, 1, 2, 3, 4];
const client = 1000;

function begun(...events: ResolvedEvent[]): FaultState {
  const state = new FaultState(nodes);
  for (const [index, event] of events.entries()) state.begin(index, event);
  return state;
}

/** The links that are blocked, as `from>to`. */
function blocked(state: FaultState, ids = nodes): string[] {
  return ids.flatMap((a) => ids.filter((b) => state.blocked(a, b)).map((b) => `${a}>${b}`));
}

describe('links', () => {
  it('are healthy while nothing is active', () => {
    const state = begun();
    expect(state.quiet).toBe(true);
    expect(blocked(state)).toEqual([]);
    expect(state.link(0, 1)).toMatchObject({ blocked: false, cloggedUntil: 0, lossProbability: 0 });
  });

  it('work within a group of a partition; the unlisted form one more', () => {
    const state = begun({ at: 0, kind: 'partition', groups: [[0, 1]] });
    expect(state.quiet).toBe(false);
    expect(blocked(state)).toHaveLength(2 * 2 * 3);
    expect(state.blocked(0, 1)).toBe(false);
    expect(state.blocked(2, 4)).toBe(false);
    expect([state.blocked(1, 2), state.blocked(2, 1)]).toEqual([true, true]);
  });

  it('of a node in two groups all work: a bridge', () => {
    const state = begun({
      at: 0,
      kind: 'partition',
      groups: [
        [0, 1, 2],
        [2, 3, 4],
      ],
    });
    expect(blocked(state)).toEqual(['0>3', '0>4', '1>3', '1>4', '3>0', '3>1', '4>0', '4>1']);
  });

  it('may be cut one way', () => {
    expect(blocked(begun({ at: 0, kind: 'cut', from: [0], to: [1, 0] }))).toEqual(['0>1']);
  });

  it('of clients are touched only where the client is listed', () => {
    const state = begun(
      { at: 0, kind: 'partition', groups: [[0], [1, 2]] },
      { at: 0, kind: 'loss', probability: 0.5 },
    );
    for (const id of nodes) expect(state.link(client, id)).toEqual(new FaultState(nodes).link(0, 1));
    state.begin(2, { at: 0, kind: 'partition', groups: [[0, client]] });
    expect(nodes.map((id) => state.blocked(client, id))).toEqual([false, true, true, true, true]);
    expect(state.blocked(client + 1, 3)).toBe(false);
    state.begin(3, { at: 0, kind: 'delay', milliseconds: 5, jitterMilliseconds: 0, from: [client] });
    expect(state.link(client, 0).delayMilliseconds).toBe(5);
    expect(state.link(0, client).delayMilliseconds).toBe(0);
  });

  it('add up overlapping faults and lose each when it ends', () => {
    const state = begun(
      { at: 0, kind: 'loss', probability: 0.5 },
      { at: 0, kind: 'loss', probability: 0.5, from: [0] },
      { at: 0, kind: 'duplicate', probability: 0.25, delayMilliseconds: 9 },
      { at: 0, kind: 'reorder', probability: 0.1, byMilliseconds: 7, to: [1] },
      { at: 0, kind: 'delay', milliseconds: 10, jitterMilliseconds: 3 },
      { at: 0, kind: 'delay', milliseconds: 5, jitterMilliseconds: 1, from: [0], to: [1] },
      { at: 100, for: 50, kind: 'clog', from: [0], to: [1] },
    );
    expect(state.link(0, 1)).toEqual({
      blocked: false,
      cloggedUntil: 150,
      lossProbability: 0.75,
      duplicateProbability: 0.25,
      duplicateMilliseconds: 9,
      reorderProbability: 0.1,
      reorderMilliseconds: 7,
      delayMilliseconds: 15,
      jitterMilliseconds: 4,
    });
    expect(state.link(1, 0)).toMatchObject({
      lossProbability: 0.5,
      reorderProbability: 0,
      delayMilliseconds: 10,
    });
    expect(state.link(1, 1).lossProbability).toBe(0);
    state.end(0);
    expect(state.link(1, 0).lossProbability).toBe(0);
    expect(state.link(0, 1).lossProbability).toBe(0.5);
    for (let i = 1; i < 7; i++) state.end(i);
    expect(state.quiet).toBe(true);
  });

  it('of spared nodes are healthy among themselves once faults are frozen; all others stay as they are, for good', () => {
    const state = new FaultState([1, 2, 3, 4]);
    state.begin(0, {
      at: 0,
      kind: 'partition',
      groups: [
        [1, 3],
        [2, 4],
      ],
    });
    state.begin(1, { at: 5, for: 10, kind: 'clog', from: [3] });
    state.begin(2, { at: 5, kind: 'clock-skew', node: 1, rate: 2 });
    state.begin(3, { at: 5, kind: 'pause', node: 4 });
    state.freeze([1, 2]);
    expect(state.impaired(1, 2) || state.impaired(2, 1)).toBe(false);
    expect(state.node(1).clockRate).toBe(1);
    expect([state.spares(1), state.spares(4)]).toEqual([true, false]);
    expect(state.blocked(1, 4)).toBe(true);
    expect(state.blocked(3, 4)).toBe(true);
    expect(state.link(3, 1).cloggedUntil).toBe(Number.POSITIVE_INFINITY);
    expect(state.node(4).paused).toBe(true);
    state.clear();
    expect([state.quiet, state.spares(1), state.impaired(3, 4)]).toEqual([true, false, false]);
  });

  it('are clogged without an end where none is planned', () => {
    expect(begun({ at: 5, kind: 'clog' }).link(3, 4).cloggedUntil).toBe(Infinity);
  });
});

describe('nodes', () => {
  it('are down until the last of overlapping crashes ends', () => {
    const crash = { at: 0, for: 5, kind: 'crash', node: 2, lostWrites: true, tornWrites: false } as const;
    const state = begun(crash, crash);
    expect(state.quiet).toBe(true);
    expect(nodes.map((id) => state.node(id).down)).toEqual([false, false, true, false, false]);
    expect(state.end(0)).toEqual(crash);
    expect(state.node(2).down).toBe(true);
    state.end(1);
    expect(state.node(2).down).toBe(false);
    expect(state.end(1)).toBeUndefined();
  });

  it('have clocks, disks and processes that fail', () => {
    const state = begun(
      { at: 0, kind: 'pause', node: 0 },
      { at: 0, kind: 'clock-skew', node: 0, rate: 2 },
      { at: 0, kind: 'clock-skew', node: 0, rate: 0.25 },
      { at: 0, kind: 'clock-jump', node: 0, milliseconds: 9 },
      { at: 0, kind: 'disk-slow', node: 0, factor: 3 },
      { at: 0, kind: 'disk-slow', node: 0, factor: 2, milliseconds: 8 },
      { at: 0, kind: 'disk-full', node: 0 },
      { at: 0, kind: 'disk-failing', node: 0 },
    );
    expect(state.node(0)).toEqual({
      down: false,
      paused: true,
      clockRate: 0.5,
      diskFactor: 3,
      diskMilliseconds: 8,
      diskFull: true,
      diskFailing: true,
    });
    expect(state.active().map((event) => event.kind)).not.toContain('clock-jump');
    state.clear();
    expect(state.node(0)).toEqual(state.node(1));
    expect(state.active()).toEqual([]);
  });
});
