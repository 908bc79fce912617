import type { AnyProtocol, Context, Message, Ports } from '@quorate/interface';

/** Ports of any protocol. */
export type AnyPorts = Ports<Message, string, unknown>;

/**
 * The same protocol over ports of which some are replaced: bugs are planted from outside, so that product code needs no switches.
 *
 * @param change is given the real ports once for each replica, and returns the methods that take their place
 */
export function withPorts(
  protocol: AnyProtocol,
  change: (ports: AnyPorts) => Partial<AnyPorts>,
): AnyProtocol {
  return {
    ...protocol,
    create: (context: Context<Message, string, unknown>) => {
      const planted = change(context.ports) as Record<string | symbol, unknown>;
      const ports = new Proxy(context.ports, {
        get(target, name) {
          if (Object.hasOwn(planted, name)) return planted[name];
          const value = (target as unknown as Record<string | symbol, unknown>)[name];
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      return protocol.create({ ...context, ports });
    },
  };
}
