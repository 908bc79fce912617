import { optionsOf, type RunFile } from '@quorate/simulator';
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Window } from '../see/layout.ts';
import { useText } from '../view/context.ts';
import { saveText } from '../view/save.ts';
import type { ViewProps } from '../view/views.ts';
import { type Clock, useClock } from './clock.ts';
import { Player } from './player.ts';
import { ControlSet } from './set.tsx';
import { SetupForm } from './setup-form.tsx';
import { networkOf, optionsOfSetup, PACE, type Setup, SPAN } from './setups.ts';
import { decodeShared, encodeShared, readShared } from './share.ts';
import { Stage } from './stage.tsx';
import { type Stock, StockContext, stockedOf, titleOf, variantOf } from './stock.ts';
import { Transport } from './transport.tsx';
import { WhoseContext } from './whose.ts';

/** Protocols run in the page: led by hand, shared, saved. */
export function RunView({ argument, setArgument }: ViewProps) {
  const stock = useContext(StockContext);
  const text = useText();
  const [setup, setSetup] = useState<Setup>(() => firstSetup(stock));
  const [players, setPlayers] = useState<readonly Player[]>(() => playersOf(stock, setup));
  const [wrong, setWrong] = useState('');
  /** The address whose runs are shown, or on their way. */
  const taken = useRef('');
  const open = (read: () => readonly RunFile[]) => {
    try {
      const runs = read();
      setPlayers(runs.map((run) => resumed(stock, run)));
      setSetup((before) => setupOf(before, runs));
      setWrong('');
    } catch (error) {
      setWrong(text.t('share.wrong', { why: (error as Error).message }));
    }
  };
  useEffect(() => {
    if (argument === '' || argument === taken.current) return;
    taken.current = argument;
    const isWanted = () => taken.current === argument;
    decodeShared(argument).then(
      (runs) => {
        if (isWanted()) open(() => runs);
      },
      (error: Error) => {
        if (isWanted()) setWrong(text.t('share.wrong', { why: error.message }));
      },
    );
  });
  const begin = (next: Setup) => {
    setSetup(next);
    setPlayers(playersOf(stock, next));
    taken.current = '';
    setArgument('');
  };
  const network = networkOf(players[0]!.options);
  return (
    <section class="workshop">
      <header class="view-head">
        <h1>{text.t('run.title')}</h1>
        <p class="lede">{text.t('run.lede')}</p>
      </header>
      <SetupForm setup={setup} onBegin={begin} />
      {wrong === '' ? null : (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      <Workbench
        key={`${network} ${players.map((player) => player.protocol.name).join()}`}
        players={players}
        pace={PACE[network]}
        span={SPAN[network]}
        onLink={(code) => {
          taken.current = code;
          setArgument(code);
        }}
        onOpen={(json) => open(() => readShared(json))}
      />
    </section>
  );
}

function firstSetup({ protocols }: Stock): Setup {
  const first = protocols.find(({ protocol }) => protocol.name === 'raft') ?? protocols[0]!;
  return {
    protocols: [first.protocol.name],
    bug: undefined,
    nodes: 5,
    seed: 1,
    network: 'classroom',
    load: 'light',
  };
}

function playersOf(stock: Stock, setup: Setup): readonly Player[] {
  return setup.protocols.map((name, i) => {
    const bug = i === 0 ? setup.bug : undefined;
    return Player.live(optionsOfSetup(variantOf(stockedOf(stock, name)!, bug), setup), bug);
  });
}

/** @throws Error where the page does not have its protocol, or its planted bug */
function resumed(stock: Stock, run: RunFile): Player {
  const stocked = stockedOf(stock, run.protocol);
  if (stocked === undefined) throw new Error(`"${run.protocol}" is not in this page`);
  return Player.resumed(optionsOf(run, variantOf(stocked, run.mutant)), run.mutant);
}

function setupOf(before: Setup, runs: readonly RunFile[]): Setup {
  const { options } = runs[0]!;
  return {
    ...before,
    protocols: runs.map(({ protocol }) => protocol),
    bug: runs[0]!.mutant,
    nodes: options.nodes,
    seed: options.seed,
    network: networkOf(options),
  };
}

interface WorkbenchProps {
  readonly players: readonly Player[];
  readonly pace: number;
  readonly span: number;
  readonly onLink: (code: string) => void;
  readonly onOpen: (json: unknown) => void;
}

/** One run or two, with one clock. What is done to nodes and links of one is done to the other too, so that they stay comparable. */
function Workbench({ players, pace, span, onLink, onOpen }: WorkbenchProps) {
  const stock = useContext(StockContext);
  const text = useText();
  const clock = useClock(players, pace);
  const run = useCounted(players);
  const [follow, setFollow] = useState({ run, operations: [0, 0] });
  const followed = follow.run === run ? follow.operations : [0, 0]; // another run has other operations
  const [together, setTogether] = useState(true);
  const focus = useMemo<Window>(() => {
    const time = players[0]!.time;
    return { from: Math.max(0, time - span * 0.85), to: Math.max(0, time - span * 0.85) + span };
  }, [players, span]);
  return (
    <>
      <div class="controls">
        <Transport clock={clock} label={text.t('stage.transport')} />
      </div>
      <div class="beneath">
        {players.length < 2 ? null : (
          <label class="together">
            <input
              type="checkbox"
              checked={together}
              onChange={(event) => setTogether(event.currentTarget.checked)}
            />
            {text.t('run.together')}
          </label>
        )}
        <Sharing players={players} clock={clock} onLink={onLink} onOpen={onOpen} />
      </div>
      <div class={`stages of-${players.length}`}>
        {players.map((player, i) => {
          const stocked = stockedOf(stock, player.protocol.name)!;
          const title = titleOf(stocked, player.mutant, text);
          return (
            <WhoseContext.Provider
              key={`${run} ${i}`} // what was selected may not be there in another run
              value={players.length > 1 ? title : ''}
            >
              <Stage
                player={player}
                clock={clock}
                teaching={stocked.teaching}
                title={title}
                focus={focus}
                followed={followed[i] ?? 0}
                onFollow={(operation) =>
                  setFollow({ run, operations: followed.map((one, j) => (j === i ? operation : one)) })
                }
                act={(act, everywhere) => {
                  for (const one of players)
                    if (one === player || (everywhere && together)) one.intervene(act);
                  const time = Math.max(...players.map((one) => one.time));
                  for (const one of players) one.seek(time);
                  clock.refresh();
                }}
              />
            </WhoseContext.Provider>
          );
        })}
      </div>
    </>
  );
}

/** Counts how often a value has become another. */
function useCounted(value: unknown): number {
  const counted = useRef({ value, count: 0 });
  if (counted.current.value !== value) counted.current = { value, count: counted.current.count + 1 };
  return counted.current.count;
}

interface SharingProps extends Pick<WorkbenchProps, 'players' | 'onLink' | 'onOpen'> {
  readonly clock: Clock;
}

/** The run as a link, as a file, from a file. */
function Sharing({ players, clock, onLink, onOpen }: SharingProps) {
  const text = useText();
  const [link, setLink] = useState('');
  const files = () => players.map((player) => player.runFile());
  const share = async () => {
    clock.pause();
    const code = await encodeShared(files());
    onLink(code);
    setLink(location.href);
    await navigator.clipboard?.writeText(location.href).catch(() => undefined);
  };
  const save = () => {
    clock.pause();
    for (const file of files())
      saveText(`${file.protocol}-run.json`, 'application/json', `${JSON.stringify(file, null, 2)}\n`);
  };
  const open = async (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    input.value = '';
    if (file === undefined) return;
    try {
      onOpen(JSON.parse(await file.text()));
    } catch {
      onOpen(undefined);
    }
  };
  return (
    <ControlSet class="sharing" label={text.t('share.title')}>
      <button type="button" onClick={share}>
        {text.t('share.link')}
      </button>
      <button type="button" onClick={save}>
        {text.t('share.save')}
      </button>
      <label class="open">
        <input type="file" accept="application/json,.json" onChange={open} />
        <span>{text.t('share.open')}</span>
      </label>
      {link === '' ? null : (
        <label class="link">
          <span>{text.t('share.copied')}</span>
          <input readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
    </ControlSet>
  );
}
