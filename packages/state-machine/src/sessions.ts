import { NO_BYTES } from '@quorate/interface';

/** What is remembered of a client: its last command and what that returned. One request is outstanding at a time, so the last one is enough. */
export class Session {
  readonly client: number;
  sequence = 0;
  result: Uint8Array = NO_BYTES;
  older: Session | null = null;
  newer: Session | null = null;

  constructor(client: number) {
    this.client = client;
  }
}

/**
 * The sessions in order of last use, so that the longest unused can go when there are too many. All of it follows from the
 * commands applied, never from a clock: every replica forgets the same session at the same command.
 */
export class SessionTable {
  /** Whether any session was ever dropped. Until then, an unknown client is surely a new one. */
  dropped = false;
  readonly #limit: number;
  readonly #sessions = new Map<number, Session>();
  #oldest: Session | null = null;
  #newest: Session | null = null;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** The client's session, which thereby becomes the newest. */
  use(client: number): Session | undefined {
    const session = this.#sessions.get(client);
    if (session !== undefined && session !== this.#newest) {
      this.#unlink(session);
      this.#link(session);
    }
    return session;
  }

  /** Adds a session; drops the oldest one where that makes too many. */
  open(client: number): Session {
    if (this.#sessions.size >= this.#limit && this.#oldest !== null) {
      this.#sessions.delete(this.#oldest.client);
      this.#unlink(this.#oldest);
      this.dropped = true;
    }
    const session = new Session(client);
    this.#sessions.set(client, session);
    this.#link(session);
    return session;
  }

  /** From the oldest to the newest. */
  *[Symbol.iterator](): IterableIterator<Session> {
    for (let session = this.#oldest; session !== null; session = session.newer) yield session;
  }

  #link(session: Session): void {
    session.older = this.#newest;
    session.newer = null;
    if (this.#newest === null) this.#oldest = session;
    else this.#newest.newer = session;
    this.#newest = session;
  }

  #unlink(session: Session): void {
    if (session.older === null) this.#oldest = session.newer;
    else session.older.newer = session.newer;
    if (session.newer === null) this.#newest = session.older;
    else session.newer.older = session.older;
  }
}
