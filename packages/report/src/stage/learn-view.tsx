import { playLesson, type SimulationResult } from '@quorate/simulator';
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Window } from '../see/layout.ts';
import { localOf } from '../see/tell.ts';
import { useText } from '../view/context.ts';
import { Status } from '../view/glyph.tsx';
import { Said } from '../view/said.tsx';
import { fragmentOf, type ViewProps } from '../view/views.ts';
import { useClock } from './clock.ts';
import { Handout } from './handout.tsx';
import { useLook, usePrinting } from './palette-hook.ts';
import { Player } from './player.ts';
import { encodeShared } from './share.ts';
import { Stage } from './stage.tsx';
import { lessonsOf, StockContext, type StockedLesson, titleOf, variantOf } from './stock.ts';
import { Transport } from './transport.tsx';

/** Lessons: which there are, and the one that is open. */
export function LearnView({ argument }: ViewProps) {
  const stock = useContext(StockContext);
  const lessons = lessonsOf(stock);
  const [id = '', step = '1'] = argument.split('#');
  const index = lessons.findIndex((one) => one.id === id);
  if (index < 0) return <Lessons lessons={lessons} />;
  return (
    <LessonPlayer
      key={id}
      stocked={lessons[index]!}
      first={Number(step) - 1}
      following={lessons[index + 1]}
    />
  );
}

function Lessons({ lessons }: { readonly lessons: readonly StockedLesson[] }) {
  const text = useText();
  const titles = [...new Set(lessons.map(({ stocked }) => stocked.protocol.title))];
  return (
    <section class="lessons">
      <header class="view-head">
        <h1>{text.t('learn.title')}</h1>
        <p class="lede">{text.t('learn.lede')}</p>
      </header>
      {titles.map((title) => (
        <section key={title} aria-label={text.said(title)}>
          <h2>{text.said(title)}</h2>
          <ul>
            {lessons
              .filter(({ stocked }) => stocked.protocol.title === title)
              .map(({ id, lesson }) => (
                <li key={id}>
                  <a href={fragmentOf('learn', id)}>
                    <b>{localOf(text, lesson.title)}</b>
                    <span>{localOf(text, lesson.question)}</span>
                    <small>{text.t('learn.stops', { count: lesson.steps.length })}</small>
                  </a>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

interface LessonPlayerProps {
  readonly stocked: StockedLesson;
  readonly first: number;
  readonly following: StockedLesson | undefined;
}

/** A lesson, stop by stop. */
function LessonPlayer({ stocked: { stocked, lesson }, first, following }: LessonPlayerProps) {
  const text = useText();
  const played = useMemo(() => playLesson(variantOf(stocked, lesson.mutant), lesson), [stocked, lesson]);
  const players = useMemo(() => {
    const player = Player.recorded(played.result.simulation.options, lesson.mutant);
    return [player];
  }, [played, lesson]);
  const player = players[0]!;
  const { stops } = played;
  const [step, setStep] = useState(() => {
    const at = Math.max(0, Math.min(first || 0, stops.length - 1));
    player.seek(stops[at]!.time);
    return at;
  });
  const clock = useClock(players, 25_000);
  const [followed, setFollowed] = useState(0);
  const stop = stops[step]!;
  const printing = usePrinting();
  const look = useLook([...player.diagram.types.keys()]);
  const focus = useMemo<Window>(() => {
    if (printing) return { from: 0, to: player.diagram.end * 1.02 };
    const before = stops[step - 1]?.time ?? 0;
    const from = Math.max(before - 8_000, stop.time - 260_000);
    const span = Math.max(60_000, stop.time - from);
    return { from: stop.time - span, to: stop.time + span * 0.12 };
  }, [step, stop, stops, player, printing]);
  const go = (next: number) => {
    setStep(next);
    clock.pause();
    player.seek(stops[next]!.time);
    clock.refresh();
  };
  const last = step === stops.length - 1;
  const [head, end] = [useRef<HTMLHeadingElement>(null), useRef<HTMLDivElement>(null)];
  // whoever comes by keyboard stands before the lesson, and at its end before what came of it: the button that led there is gone
  useEffect(() => {
    scrollTo(0, 0);
    head.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    if (last && stops.length > 1) end.current?.focus({ preventScroll: true });
  }, [last, stops]);
  const ends = (
    <>
      <Verdicts result={played.result} />
      <p>{localOf(text, lesson.next)}</p>
      <p class="source">{text.t('learn.source', { source: lesson.source })}</p>
    </>
  );
  return (
    <section class="lesson">
      <header class="view-head">
        <p class="kicker">
          <a href={fragmentOf('learn')}>{text.t('learn.all')}</a> · {text.said(stocked.protocol.title)}
        </p>
        <h1 ref={head} tabIndex={-1}>
          {localOf(text, lesson.title)}
        </h1>
        <p class="lede">{localOf(text, lesson.question)}</p>
      </header>
      <div class="lecture">
        <div class="step" aria-live="polite">
          <p class="count">{text.t('learn.stop', { number: step + 1, of: stops.length })}</p>
          <div class="texts">
            {lesson.steps.map((one, i) => (
              <p key={one.text.en} class={i === step ? undefined : 'other'}>
                {unparted(localOf(text, one.text))}
              </p>
            ))}
          </div>
        </div>
        {last ? (
          <div class="verdicts" ref={end} tabIndex={-1}>
            {ends}
            {following === undefined ? null : (
              <p>
                <a class="button primary" href={fragmentOf('learn', following.id)}>
                  {text.t('learn.following', { title: localOf(text, following.lesson.title) })}
                </a>
              </p>
            )}
          </div>
        ) : null}
        <div class="buttons">
          <button type="button" disabled={step === 0} onClick={() => go(step - 1)}>
            {text.t('learn.back')}
          </button>
          {last ? null : (
            <button type="button" class="primary" onClick={() => go(step + 1)}>
              {text.t('learn.next')}
            </button>
          )}
          <TakeOver player={player} />
        </div>
      </div>
      {printing ? (
        <Handout
          stocked={stocked}
          lesson={lesson}
          options={played.result.simulation.options}
          stops={stops}
          look={look}
        >
          {ends}
        </Handout>
      ) : null}
      <div class="controls">
        <Transport clock={clock} label={text.t('stage.transport')} />
      </div>
      <Stage
        player={printing ? atItsEnd(played.result, lesson.mutant) : player}
        clock={clock}
        teaching={stocked.teaching}
        title={titleOf(stocked, lesson.mutant, text)}
        focus={focus}
        explained
        named={lesson.mutant === undefined}
        followed={followed}
        onFollow={setFollowed}
      />
    </section>
  );
}

/** A lesson's run with everything in it, for paper. */
function atItsEnd({ simulation }: SimulationResult, mutant: string | undefined): Player {
  const player = Player.recorded(simulation.options, mutant);
  player.seek(player.diagram.end);
  return player;
}

/** A text in which no line break parts `x = 1`. */
function unparted(told: string): string {
  return told.replaceAll(' = ', '\u00a0=\u00a0');
}

/** From watching to leading: the run so far is opened where it can be led by hand. */
export function TakeOver({ player }: { readonly player: Player }) {
  const text = useText();
  if (!player.canRun) return null;
  const take = async () => {
    const code = await encodeShared([player.runFile()]);
    location.hash = fragmentOf('run', code);
  };
  return (
    <button type="button" onClick={take}>
      {text.t('see.takeOver')}
    </button>
  );
}

function Verdicts({ result }: { readonly result: SimulationResult }) {
  const text = useText();
  const notable = result.verdicts.filter(({ verdict }) => verdict !== 'ok');
  if (notable.length === 0)
    return (
      <p>
        <Status verdict="ok" /> {text.t('learn.allHeld', { count: result.verdicts.length })}
      </p>
    );
  return (
    <ul>
      {notable.map(({ check, verdict, detail }) => (
        <li key={check}>
          <Status verdict={verdict} /> <b>{text.known('check', check) ?? check}</b>: <Said text={detail} />
        </li>
      ))}
    </ul>
  );
}
