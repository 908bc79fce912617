import type { Teaching } from '@quorate/interface';
import { useContext, useMemo, useState } from 'preact/hooks';
import type { Window } from '../see/layout.ts';
import { localOf } from '../see/tell.ts';
import type { Text } from '../text/text.ts';
import { useText } from '../view/context.ts';
import type { ViewProps } from '../view/views.ts';
import { useClock } from './clock.ts';
import { Latencies, operationAt, PERCENTILES } from './latencies.tsx';
import { TakeOver } from './learn-view.tsx';
import { faceOf, type Opened, openLesson, openRecorded, openTrace } from './opened.ts';
import type { Player } from './player.ts';
import { Provenance, useOpened } from './provenance.tsx';
import { networkOf, PACE } from './setups.ts';
import { Stage } from './stage.tsx';
import { lessonsOf, type Stock, StockContext, stockedOf } from './stock.ts';
import { speedFrom, Transport } from './transport.tsx';

/** One run that can be seen. */
interface Seen {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly teaching: Teaching | undefined;
  readonly open: () => Opened | Promise<Opened>;
}

/** Every run that the page has: those of its results, those of trace files, and those of its lessons. */
function seenOf(stock: Stock, text: Text): readonly Seen[] {
  const recorded = stock.recorded.flatMap(({ id, scenario, set, run }): Seen[] => {
    const stocked = stockedOf(stock, run.protocol);
    if (stocked === undefined) return [];
    const name = text.known('scenario', scenario) ?? scenario;
    return [
      {
        id,
        title:
          text.t('see.runOf', { scenario: name, protocol: text.said(stocked.protocol.title) }) +
          (set === 0 ? '' : ` (${set + 1})`),
        group: text.t('see.fromResults'),
        teaching: stocked.teaching,
        open: () => openRecorded(run, stocked.protocol),
      },
    ];
  });
  const traces = stock.traces.map((trace, i): Seen => {
    const { title } = faceOf(stock, trace);
    return {
      id: `trace/${i + 1}`,
      title: title === trace.label ? title : `${trace.label}: ${title}`,
      group: text.t('see.fromTraces'),
      teaching: stockedOf(stock, trace.header.protocol ?? '')?.teaching,
      open: () => openTrace(stock, trace),
    };
  });
  const lessons = lessonsOf(stock).map(
    ({ id, stocked, lesson }): Seen => ({
      id: `lesson/${id}`,
      title: localOf(text, lesson.title),
      group: text.t('see.runOf', {
        scenario: text.t('see.fromLessons'),
        protocol: text.said(stocked.protocol.title),
      }),
      teaching: stocked.teaching,
      open: () => openLesson(stocked, lesson),
    }),
  );
  return [...recorded, ...traces, ...lessons];
}

/**
 * A recorded run from all sides. The address says which, and which of its operations is followed, `#see=steady/raft:p99.9`, or at which
 * millisecond it is looked at, `#see=leader-crash/raft:at3023`.
 */
export function SeeView({ argument, setArgument }: ViewProps) {
  const stock = useContext(StockContext);
  const text = useText();
  const runs = seenOf(stock, text);
  const [id = '', place = ''] = argument.split(':');
  const seen = runs.find((run) => run.id === id) ?? runs[0];
  const groups = [...new Set(runs.map(({ group }) => group))];
  return (
    <section class="seeing">
      <header class="view-head">
        <h1>{text.t('see.title')}</h1>
        <p class="lede">{text.t('see.lede')}</p>
      </header>
      {seen === undefined ? (
        <p>{text.t('see.nothing')}</p>
      ) : (
        <>
          <label class="which">
            <span>{text.t('see.which')}</span>
            <select value={seen.id} onChange={(event) => setArgument(event.currentTarget.value)}>
              {groups.map((group) => (
                <optgroup key={group} label={group}>
                  {runs
                    .filter((run) => run.group === group)
                    .map((run) => (
                      <option key={run.id} value={run.id}>
                        {run.title}
                      </option>
                    ))}
                </optgroup>
              ))}
            </select>
          </label>
          <Opening
            key={seen.id}
            seen={seen}
            place={place}
            onPlace={(next) => setArgument(`${seen.id}:${next}`)}
          />
        </>
      )}
    </section>
  );
}

/** So few operations are seen at once in the list of requests: their latencies need no chart. */
const FEW = 10;

interface RecordingProps {
  readonly seen: Seen;
  /** The operation to follow: its number, or a percentile of latency; or a moment. */
  readonly place: string;
  readonly onPlace: (place: string) => void;
}

function Opening(props: RecordingProps) {
  const text = useText();
  const opened = useOpened(props.seen.open);
  if (opened === null) return <p>{text.t('see.opening')}</p>;
  if (opened instanceof Error)
    return (
      <p class="wrong" role="alert">
        {text.t('see.openFailed', { why: opened.message })}
      </p>
    );
  return <Recording {...props} opened={opened} />;
}

function Recording({ seen, opened, place, onPlace }: RecordingProps & { readonly opened: Opened }) {
  const text = useText();
  const { player } = opened;
  const players = useMemo(() => [player], [player]);
  const followed = useMemo(() => placeOf(player, place), [player, place]);
  const [whole] = useState<Window>(() => firstWindow(player));
  const focus = useMemo<Window>(() => {
    const moment = momentOf(place);
    if (moment !== null) {
      player.seek(moment); // the run may end before it
      return { from: player.time - AROUND, to: player.time + AROUND };
    }
    const span = player.ended(followed);
    if (span === undefined) return whole;
    const margin = Math.max(200, (span.to - span.from) * 0.15);
    player.seekEvent(span.returnedAt + 1);
    return { from: span.from - margin, to: span.to + margin };
  }, [player, place, followed, whole]);
  const pace = Math.max(PACE[networkOf(player.canRun ? player.options : {})], player.diagram.end / 200);
  const clock = useClock(players, speedFrom(pace)); // after what moves the player, which it tells
  return (
    <>
      <Provenance opened={opened} />
      {player.diagram.operations.length <= FEW ? null : (
        <Latencies player={player} followed={followed} onFollow={(operation) => onPlace(String(operation))} />
      )}
      <div class="controls">
        <Transport clock={clock} label={text.t('stage.transport')} />
      </div>
      <div class="beneath">
        <TakeOver player={player} />
      </div>
      <Stage
        player={player}
        clock={clock}
        teaching={seen.teaching}
        title={seen.title}
        named
        focus={focus}
        followed={followed}
        onFollow={(operation) => onPlace(operation === 0 ? '' : String(operation))}
      />
    </>
  );
}

function placeOf(player: Player, place: string): number {
  const percentile = PERCENTILES.find(({ name }) => name === place);
  if (percentile !== undefined) return operationAt(player.diagram, percentile.share);
  const number = Number(place);
  return player.ended(number) === undefined ? 0 : number;
}

/** Microseconds shown on either side of a moment. */
const AROUND = 10_000;

/** `at3023` in microseconds; null for what is no moment. */
function momentOf(place: string): number | null {
  const [, milliseconds] = /^at(\d+)$/.exec(place) ?? [];
  return milliseconds === undefined ? null : Number(milliseconds) * 1000;
}

/** The beginning of what is interesting: the first operation, and as much as can be drawn one by one; it is looked at in its midst. */
function firstWindow(player: Player): Window {
  const { diagram } = player;
  const first = diagram.operations.find((span) => span !== undefined)?.from ?? 0;
  const at = diagram.arrows.firstFrom(first);
  const last = Math.min(diagram.arrows.length - 1, at + 160);
  const to = diagram.arrows.sent[last] ?? diagram.end;
  const span = Math.max(2_000, to - first);
  player.seek(first + span * 0.6);
  return { from: first - span * 0.04, to: first + span };
}
