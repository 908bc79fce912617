import { Pipe } from '../pipe.ts';
import { HEADER, readColumn, readError, readText, SAYS, startup, writeQuery } from './wire.ts';

/** The end of what the server was asked at once: an error's message or null, the last statement's tag, the last row's first column. */
export interface PgAnswer {
  readonly error: string | null;
  readonly tag: string;
  readonly column: string | null;
}

type AnswerHandler = (answer: PgAnswer) => void;

/** One connection to a PostgreSQL server that trusts us; what is asked is answered in order, and need not be waited for. */
export class PgConnection {
  /** Resolves when the server is ready. @throws Error where it is not to be had */
  readonly ready: Promise<void>;
  readonly pipe: Pipe;
  readonly #waiting: AnswerHandler[] = [];
  #error: string | null = null;
  #tag = '';
  #column: string | null = null;

  constructor(port: number, user: string, database = 'postgres') {
    this.pipe = new Pipe(
      port,
      (bytes, length) => this.#onData(bytes, length),
      (why) => this.#onGone(why),
    );
    this.pipe.append(startup(user, database));
    this.ready = new Promise((resolve, reject) => {
      this.expect(({ error }) => (error === null ? resolve() : reject(new Error(`PostgreSQL: ${error}`))));
    });
  }

  /** Told of the end of what was written to the pipe since the last time, up to one `writeSync` or `writeQuery`. */
  expect(done: AnswerHandler): void {
    if (this.pipe.gone) queueMicrotask(() => done(GONE));
    else this.#waiting.push(done);
  }

  /** Runs statements. @throws Error with what the server says against them */
  query(text: string): Promise<PgAnswer> {
    return new Promise((resolve, reject) => {
      if (!this.pipe.gone) writeQuery(this.pipe, text);
      this.expect((answer) => {
        if (answer.error === null) resolve(answer);
        else reject(new Error(`PostgreSQL: ${answer.error}`));
      });
    });
  }

  close(): void {
    this.pipe.close();
  }

  #onData(bytes: Buffer, length: number): number {
    let at = 0;
    while (length - at >= HEADER) {
      const end = at + 1 + bytes.readInt32BE(at + 1);
      if (end > length) break;
      this.#onMessage(bytes[at]!, bytes, at + HEADER);
      at = end;
    }
    return at;
  }

  #onMessage(kind: number, bytes: Buffer, at: number): void {
    switch (kind) {
      case SAYS.complete:
        this.#tag = readText(bytes, at);
        return;
      case SAYS.row:
        this.#column = readColumn(bytes, at);
        return;
      case SAYS.error:
        this.#error ??= readError(bytes, at);
        return;
      case SAYS.authentication:
        if (bytes.readInt32BE(at) !== 0) this.#onGone('it asks for a password');
        return;
      case SAYS.ready: {
        const answer: PgAnswer = { error: this.#error, tag: this.#tag, column: this.#column };
        this.#error = null;
        this.#tag = '';
        this.#column = null;
        this.#waiting.shift()?.(answer);
        return;
      }
      default: // parameters, notices, and that a statement was parsed or bound
        return;
    }
  }

  #onGone(why: string): void {
    this.pipe.close();
    for (const done of this.#waiting.splice(0)) done({ ...GONE, error: this.#error ?? why });
  }
}

const GONE: PgAnswer = { error: 'the connection is closed', tag: '', column: null };
