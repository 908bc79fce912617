/** More lanes than this are not drawn: further operations share them. */
const LANES_MAX = 8;

interface Lane {
  readonly home: number;
  /** The session that used it last. */
  client: number;
  /** Infinity while it is in use. */
  freeFrom: number;
}

/**
 * Puts clients on lanes. A client keeps its lane while it is free, else takes a free one beside the same node, so that there are about as
 * many lanes as operations under way at once, however many clients come and go. A lane's number is -1, -2, …
 */
export class ClientLanes {
  readonly #lanes: Lane[] = [];
  readonly #byClient = new Map<number, number>();

  /** How many lanes there are. */
  get count(): number {
    return this.#lanes.length;
  }

  /** The node beside which the clients of a lane are. */
  homeOf(lane: number): number {
    return this.#lanes[-lane - 1]?.home ?? 0;
  }

  /** The session that used a lane last. */
  clientOf(lane: number): number {
    return this.#lanes[-lane - 1]?.client ?? 0;
  }

  /** An operation begins; says on which lane. */
  begin(client: number, home: number, time: number): number {
    const index = this.#choose(client, home, time);
    const lane = this.#lanes[index]!;
    lane.client = client;
    lane.freeFrom = Number.POSITIVE_INFINITY;
    this.#byClient.set(client, index);
    return -index - 1;
  }

  end(lane: number, time: number): void {
    const found = this.#lanes[-lane - 1];
    if (found !== undefined) found.freeFrom = time;
  }

  #choose(client: number, home: number, time: number): number {
    const own = this.#byClient.get(client);
    const free = (index: number) => this.#lanes[index]!.freeFrom <= time;
    if (own !== undefined && free(own)) return own;
    const beside = this.#lanes.findIndex((lane, index) => lane.home === home && free(index));
    if (beside >= 0) return beside;
    if (this.#lanes.length < LANES_MAX)
      return this.#lanes.push({ home, client, freeFrom: Number.POSITIVE_INFINITY }) - 1;
    const any = this.#lanes.findIndex((_, index) => free(index));
    return any >= 0 ? any : client % LANES_MAX;
  }
}
