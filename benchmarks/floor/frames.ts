/**
 * All that the floor program puts on a wire, little-endian. Client to leader: u32 length, u32 number, payload. Leader to client: u32 number.
 * Leader to follower: u32 length, then clients' frames as they came. Follower to leader: u32 groups that are durable.
 */
export const LENGTH_BYTES = 4;
export const NUMBER_BYTES = 4;

/** Calls `take` for each whole frame and returns how many bytes those were. `start` is behind the length. */
export function eachFrame(bytes: Buffer, length: number, take: (start: number, end: number) => void): number {
  let at = 0;
  while (length - at >= LENGTH_BYTES) {
    const end = at + LENGTH_BYTES + bytes.readUInt32LE(at);
    if (end > length) break;
    take(at + LENGTH_BYTES, end);
    at = end;
  }
  return at;
}

/** Calls `take` for each whole number and returns how many bytes those were. */
export function eachNumber(bytes: Buffer, length: number, take: (number: number) => void): number {
  const end = length - (length % NUMBER_BYTES);
  for (let at = 0; at < end; at += NUMBER_BYTES) take(bytes.readUInt32LE(at));
  return end;
}
