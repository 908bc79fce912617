/** A cluster did not carry out what was asked; the classes below say which way. */
export class ClusterError extends Error {
  override readonly name: string = 'ClusterError';
}

/** No replica that could serve the request answered in time. It had no effect and never will. */
export class UnavailableError extends ClusterError {
  override readonly name = 'UnavailableError';
}

/** The write may have been carried out, or may be yet: no answer told. Read the key to find out, and mind that a late effect may still come. */
export class OutcomeUnknownError extends ClusterError {
  override readonly name = 'OutcomeUnknownError';
}

/** Atomic commitment decided to abort, for instance because another transaction had the key. It had no effect; you may ask again. */
export class AbortedError extends ClusterError {
  override readonly name = 'AbortedError';
}

/** The cluster's protocol does not offer this kind of request. */
export class UnsupportedError extends ClusterError {
  override readonly name = 'UnsupportedError';
}

/** The client was closed before the answer came. A write may have been carried out, or may be yet. */
export class ClosedError extends ClusterError {
  override readonly name = 'ClosedError';
}
