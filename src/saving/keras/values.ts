import { CnnError } from '../../errors.js';
import type { StoredValue } from '../description.js';
import type { Hdf5Dataset, Hdf5Type } from '../hdf5/tree.js';

/** A value in a file; its numbers are copied out each time they are asked for. */
export class FileValue implements StoredValue {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: StoredValue['dtype'];
  private readonly file: string;
  private readonly dataset: Hdf5Dataset;

  /** @throws CnnError UNSUPPORTED for a type that no variable has */
  constructor(file: string, name: string, dataset: Hdf5Dataset) {
    this.file = file;
    this.name = name;
    this.shape = dataset.shape;
    this.dtype = variableType(file, name, dataset.dtype);
    this.dataset = dataset;
  }

  get values(): Float32Array | Int32Array {
    const { data, dtype } = this.dataset;
    // A copy, since the bytes may stand at any offset.
    const { buffer } = new Uint8Array(data);
    if (dtype === 'float32') return new Float32Array(buffer);
    if (dtype === 'int32') return new Int32Array(buffer);
    return Int32Array.from(new BigInt64Array(buffer), (value) => {
      if (BigInt.asIntN(32, value) === value) return Number(value);
      throw new CnnError('FILE_CORRUPT', `${this.file}: ${this.name} does not fit`, {
        file: this.file,
        weight: this.name,
        expected: 'a 32-bit whole number',
        received: String(value),
      });
    });
  }
}

function variableType(file: string, name: string, dtype: Hdf5Type): StoredValue['dtype'] {
  if (dtype === 'float32') return 'float32';
  if (dtype === 'int32' || dtype === 'int64') return 'int32';
  throw new CnnError('UNSUPPORTED', `${file}: ${name} is of a type that is not supported`, {
    file,
    weight: name,
    expected: 'float32, int32 or int64',
    received: dtype,
  });
}

/** The bytes of a value, not copied. */
export function bytesOf({ values }: StoredValue): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** As an array of the file. */
export function toDataset(value: StoredValue): Hdf5Dataset {
  return { dtype: value.dtype, shape: value.shape, data: bytesOf(value) };
}

/** Whole numbers as an array of 64-bit ones: Keras counts updates in these. */
export function toInt64Dataset({ shape, values }: StoredValue): Hdf5Dataset {
  const wide = BigInt64Array.from(values as Int32Array, BigInt);
  return { dtype: 'int64', shape, data: new Uint8Array(wide.buffer) };
}
