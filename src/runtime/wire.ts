/** One field of a protocol buffer message: a varint or fixed number as bigint, anything with a length as bytes. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** Walks the fields of an encoded protocol buffer message. Reads what TensorFlow itself wrote, not user files. */
export function* fields(bytes: Uint8Array): Generator<WireField> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        yield { number, value: view.getBigUint64(at, true) };
        at += 8;
        break;
      case 2: {
        const length = Number(varint());
        yield { number, value: bytes.subarray(at, at + length) };
        at += length;
        break;
      }
      default:
        yield { number, value: BigInt(view.getUint32(at, true)) };
        at += 4;
    }
  }
}

/** A field's bytes as text. */
export function text(value: bigint | Uint8Array): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : '';
}
