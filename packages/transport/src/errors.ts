/** Why a stream of frames cannot be read on: the connection is to be closed. */
export type FrameErrorReason = 'oversized' | 'version' | 'kind';

/** A frame whose header is not acceptable. What follows it in the stream is lost. */
export class FrameError extends Error {
  readonly reason: FrameErrorReason;
  constructor(reason: FrameErrorReason, detail: string) {
    super(detail);
    this.name = 'FrameError';
    this.reason = reason;
  }
}

/**
 * Why bytes are not a message, or a message cannot become bytes:
 * - `truncated`, `trailing`: the bytes end too soon, or go on behind the value.
 * - `number`: not a finite number below 2^53 in magnitude.
 * - `undefined`: a field whose value is undefined.
 * - `type`: a type that messages do not have (maps, dates, regular expressions, sets, big integers, …).
 * - `structure`: a record whose fields were never told, a bad list of fields, or too many lists.
 * - `depth`: nested too deeply.
 * - `size`: would take more memory than a frame may have.
 * - `shape`: not a message: `type`, `entries`, `command` or `data` are not what messages have there.
 */
export type ProtocolErrorReason =
  | 'truncated'
  | 'trailing'
  | 'number'
  | 'undefined'
  | 'type'
  | 'structure'
  | 'depth'
  | 'size'
  | 'shape';

/** Bytes that are not a message, or a message that cannot be encoded. */
export class ProtocolError extends Error {
  readonly reason: ProtocolErrorReason;
  constructor(reason: ProtocolErrorReason, detail: string) {
    super(detail);
    this.name = 'ProtocolError';
    this.reason = reason;
  }
}
