declare module 'crc-32/crc32c.js' {
  /** CRC-32C of `data`, as a signed number; `seed` is the checksum of what stood before it. */
  function buf(data: Uint8Array, seed?: number): number;
  const crc32c: { buf: typeof buf };
  export default crc32c;
}
