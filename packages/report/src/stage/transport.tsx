import { useText } from '../view/context.ts';
import type { Clock } from './clock.ts';
import { ControlSet } from './set.tsx';

/** Speeds to choose from: virtual µs in a second. */
const SPEEDS: readonly number[] = [100, 500, 2_000, 10_000, 25_000, 100_000, 500_000];

/** The slowest speed to choose from that is not slower than this, virtual µs in a second. */
export function speedFrom(speed: number): number {
  return SPEEDS.find((one) => one >= speed) ?? SPEEDS.at(-1)!;
}

/** Play, pause, step, and where in the run one is. */
export function Transport({ clock, label }: { readonly clock: Clock; readonly label: string }) {
  const text = useText();
  const time = text.t('stage.time', { time: text.decimals(clock.time / 1000, 3) });
  return (
    <ControlSet class="transport" label={label}>
      <div class="buttons">
        <button type="button" onClick={() => clock.seek(0)} title={text.t('stage.toStart')}>
          <Icon path="M5 4v12M16 4L8 10l8 6z" />
          <span class="heard">{text.t('stage.toStart')}</span>
        </button>
        <button type="button" onClick={() => clock.step(-1)} title={text.t('stage.back')}>
          <Icon path="M14 4L6 10l8 6z" />
          <span class="heard">{text.t('stage.back')}</span>
        </button>
        <button
          type="button"
          class="primary"
          disabled={clock.atEnd && !clock.playing}
          onClick={clock.toggle}
          title={text.t(clock.playing ? 'stage.pause' : 'stage.play')}
        >
          <Icon path={clock.playing ? 'M6 4h3v12H6zM11 4h3v12h-3z' : 'M6 3.5v13L16.5 10z'} />
          <span>{text.t(clock.playing ? 'stage.pause' : 'stage.play')}</span>
        </button>
        <button type="button" onClick={() => clock.step(1)} title={text.t('stage.step')}>
          <Icon path="M6 4l8 6-8 6z" />
          <span class="heard">{text.t('stage.step')}</span>
        </button>
        <button type="button" onClick={clock.toTurningPoint} title={text.t('stage.turningPoint')}>
          <Icon path="M3 4l7 6-7 6zM10 4l7 6-7 6z" />
          <span class="heard">{text.t('stage.turningPoint')}</span>
        </button>
      </div>
      <output class="moment">{time}</output>
      <input
        class="scrub"
        type="range"
        min={0}
        max={Math.max(1, Math.ceil(clock.furthest))}
        step="any"
        value={Math.round(clock.time)}
        aria-label={text.t('stage.scrub')}
        aria-valuetext={time}
        onInput={(event) => {
          clock.pause();
          clock.seek(Number(event.currentTarget.value));
        }}
      />
      <label class="speed">
        <span>{text.t('stage.speed')}</span>
        <select value={clock.speed} onChange={(event) => clock.setSpeed(Number(event.currentTarget.value))}>
          {SPEEDS.map((speed) => (
            <option key={speed} value={speed}>
              {text.t('stage.speedOf', { time: text.quantity('duration', speed) })}
            </option>
          ))}
        </select>
      </label>
    </ControlSet>
  );
}

/** A small picture on a button; the button's name says the same. */
export function Icon({ path }: { readonly path: string }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
