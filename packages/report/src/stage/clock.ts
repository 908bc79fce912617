import { useEffect, useRef, useState } from 'preact/hooks';
import type { Player } from './player.ts';

/** Who lets time pass, for one run or for several side by side. */
export interface Clock {
  readonly playing: boolean;
  /** Virtual µs in a second. */
  readonly speed: number;
  /** The moment, virtual µs. */
  readonly time: number;
  /** The latest moment looked at. */
  readonly furthest: number;
  readonly atEnd: boolean;
  setSpeed(speed: number): void;
  toggle(): void;
  pause(): void;
  seek(time: number): void;
  /** One event on or back; of several runs, the one that comes first. */
  step(by: 1 | -1): void;
  toTurningPoint(): void;
  /** Something was done to a run: it is to be shown. */
  refresh(): void;
}

/** Milliseconds between two steps for whoever does not want things to move. */
const STILL = 600;

/** Lets players play together. A change of `players` begins anew, paused. */
export function useClock(players: readonly Player[], firstSpeed: number): Clock {
  const [, setVersion] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(firstSpeed);
  const refresh = () => setVersion((version) => version + 1);
  const current = useRef({ players, speed });
  current.current = { players, speed };

  useEffect(() => setPlaying(false), [players]);
  useEffect(() => {
    if (!playing) return undefined;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    let before = performance.now();
    let frame = 0;
    const go = (now: number) => {
      const { players: shown, speed: rate } = current.current;
      if (!still) {
        const passed = Math.min(100, now - before) / 1000;
        before = now;
        const time = momentOf(shown) + passed * rate;
        for (const player of shown) player.seek(time);
      } else if (now - before >= STILL) {
        before = now;
        stepAll(shown, 1);
      }
      refresh();
      if (shown.every(({ atEnd }) => atEnd)) setPlaying(false);
      else frame = requestAnimationFrame(go);
    };
    frame = requestAnimationFrame(go);
    return () => cancelAnimationFrame(frame);
  }, [playing]);

  return {
    playing,
    speed,
    time: momentOf(players),
    furthest: Math.max(0, ...players.map((player) => player.furthest)),
    atEnd: players.every((player) => player.atEnd),
    setSpeed,
    toggle: () => setPlaying(!playing),
    pause: () => setPlaying(false),
    seek(time) {
      for (const player of players) player.seek(time);
      refresh();
    },
    step(by) {
      setPlaying(false);
      stepAll(players, by);
      refresh();
    },
    toTurningPoint() {
      setPlaying(false);
      for (const player of players) player.toTurningPoint();
      const time = Math.min(...players.map((player) => player.time));
      if (players.length > 1) for (const player of players) player.seek(time);
      refresh();
    },
    refresh,
  };
}

function momentOf(players: readonly Player[]): number {
  return Math.max(0, ...players.map(({ time }) => time));
}

function stepAll(players: readonly Player[], by: 1 | -1): void {
  const [first] = players;
  if (players.length === 1) {
    first!.step(by);
    return;
  }
  const times = players.map((player) =>
    by > 0 ? player.nextTime : (player.diagram.times[player.events - 2] ?? 0),
  );
  const time = by > 0 ? Math.min(...times) : Math.max(...times);
  if (!Number.isFinite(time)) return;
  for (const player of players) player.seek(time);
}
