/** A cyclic redundancy check of 32 bits, reflected, by table. */
function crc(polynomial: number): (bytes: Uint8Array) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0);
    return remainder;
  });
  return (bytes) => {
    let sum = 0xffffffff;
    for (const byte of bytes) sum = table[(sum ^ byte) & 0xff]! ^ (sum >>> 8);
    return ~sum >>> 0;
  };
}

/** The checksum of PNG and zip. Node has it from 20.15 on. */
export const crc32 = crc(0xedb88320);

/** Castagnoli's, of TensorFlow's records. */
export const crc32c = crc(0x82f63b78);
