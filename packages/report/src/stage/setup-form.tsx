import { useContext, useState } from 'preact/hooks';
import { useText } from '../view/context.ts';
import { LOADS, type LoadName, NETWORKS, type NetworkName, NODES, type Setup } from './setups.ts';
import { bugOf, StockContext, stockedOf } from './stock.ts';

interface SetupFormProps {
  readonly setup: Setup;
  readonly onBegin: (setup: Setup) => void;
}

/** Which protocols, how many nodes, on what; every change begins anew. */
export function SetupForm({ setup, onBegin }: SetupFormProps) {
  const stock = useContext(StockContext);
  const { protocols } = stock;
  const text = useText();
  const [seed, setSeed] = useState<number | null>(null);
  const [first, second = ''] = setup.protocols;
  const stocked = stockedOf(stock, first!)!;
  const choose = (one: string, bug: string | undefined, other: string) => {
    const alone = other === '' || (other === one && bug === undefined);
    onBegin({ ...setup, bug, protocols: alone ? [one] : [one, other] });
  };
  const titles = protocols.map(({ protocol }) => (
    <option key={protocol.name} value={protocol.name}>
      {text.said(protocol.title)}
    </option>
  ));
  const others = titles.filter(({ key }) => key !== first);
  return (
    <form
      class="setup"
      aria-label={text.t('run.setup')}
      onSubmit={(event) => {
        event.preventDefault();
        setSeed(null); // from now on the run's own is shown
        onBegin({ ...setup, seed: seed ?? setup.seed });
      }}
    >
      <label>
        <span>{text.t('run.protocol')}</span>
        <select value={first} onChange={(event) => choose(event.currentTarget.value, undefined, second)}>
          {titles}
        </select>
      </label>
      {(stocked.mutants ?? []).length === 0 ? null : (
        <label>
          <span>{text.t('run.bug')}</span>
          <select
            value={setup.bug ?? ''}
            onChange={(event) => choose(first!, event.currentTarget.value || undefined, second)}
          >
            <option value="">{text.t('run.noBug')}</option>
            {stocked.mutants!.map(({ name }) => (
              <option key={name} value={name}>
                {bugOf(stocked, name, text)}
              </option>
            ))}
          </select>
        </label>
      )}
      {protocols.length < 2 && setup.bug === undefined ? null : (
        <label>
          <span>{text.t('run.beside')}</span>
          <select value={second} onChange={(event) => choose(first!, setup.bug, event.currentTarget.value)}>
            <option value="">{text.t('run.alone')}</option>
            {setup.bug === undefined ? null : <option value={first}>{text.t('run.sameWithoutBug')}</option>}
            {others}
          </select>
        </label>
      )}
      <label class="few">
        <span>{text.t('run.nodes')}</span>
        <select
          value={setup.nodes}
          onChange={(event) => onBegin({ ...setup, nodes: Number(event.currentTarget.value) })}
        >
          {NODES.map((nodes) => (
            <option key={nodes} value={nodes}>
              {nodes}
            </option>
          ))}
        </select>
      </label>
      <label class="some">
        <span>{text.t('run.network')}</span>
        <select
          value={setup.network}
          onChange={(event) => onBegin({ ...setup, network: event.currentTarget.value as NetworkName })}
        >
          {NETWORKS.map((name) => (
            <option key={name} value={name}>
              {text.t(`network.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="some">
        <span>{text.t('run.load')}</span>
        <select
          value={setup.load}
          onChange={(event) => onBegin({ ...setup, load: event.currentTarget.value as LoadName })}
        >
          {LOADS.map((name) => (
            <option key={name} value={name}>
              {text.t(`load.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <div class="begin">
        <label>
          <span>{text.t('run.seed')}</span>
          <input
            type="number"
            min={0}
            max={4_294_967_295}
            step={1}
            value={seed ?? setup.seed}
            onInput={(event) => {
              const given = Number(event.currentTarget.value);
              if (Number.isSafeInteger(given) && given >= 0) setSeed(given);
            }}
          />
        </label>
        <button type="submit">{text.t('run.begin')}</button>
      </div>
    </form>
  );
}
