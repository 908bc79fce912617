import type { AnyProtocol, Mutant } from '@quorate/interface';
import { simulate, swarmOptions, withPorts } from '@quorate/simulator';

/** Virtual time of each seed: many short configurations find more than a few long ones. */
const VIRTUAL_MILLISECONDS = 20_000;

/** Bugs of the driver, planted through the ports, so that every protocol has them. */
export function driverMutants(protocol: AnyProtocol): readonly Mutant[] {
  return [
    {
      name: 'ack-before-fsync',
      about: 'the driver lets messages go before what they promise is durable',
      protocol: withPorts(protocol, (ports) => ({
        send: (to, message) => ports.sendEarly(to, message),
        broadcast: (to, message) => {
          for (const peer of to) ports.sendEarly(peer, message);
        },
      })),
    },
  ];
}

/** The first check that says no to a protocol under the configuration that the swarm draws for a seed; null where none does. */
export function firstBroken(protocol: AnyProtocol, seed: number): string | null {
  const { verdicts } = simulate(swarmOptions(protocol, seed, VIRTUAL_MILLISECONDS));
  return verdicts.find(({ verdict }) => verdict === 'violated')?.check ?? null;
}
