/** Types of elements that we read and write. */
export type Hdf5Type = 'float32' | 'float64' | 'int32' | 'int64';

/** An array in an HDF5 file: little-endian values in C order. */
export interface Hdf5Dataset {
  readonly dtype: Hdf5Type;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** A folder in an HDF5 file. */
export interface Hdf5Group {
  readonly groups: ReadonlyMap<string, Hdf5Group>;
  readonly datasets: ReadonlyMap<string, Hdf5Dataset>;
  /** Where its attributes stand, for `AttributeReader`. */
  readonly attributes: readonly HeaderMessage[];
}

/** A message of an object's header: its kind, and where its body stands. */
export interface HeaderMessage {
  readonly kind: number;
  readonly at: number;
  readonly size: number;
}

/** What files say of a type: the body of the message "datatype". */
interface Encoding {
  readonly size: number;
  readonly body: Uint8Array;
}

/** IEEE little-endian floats, two's complement little-endian integers: HDF5 File Format Specification, IV.A.2.d. */
export const ENCODINGS: Readonly<Record<Hdf5Type, Encoding>> = {
  float32: encoding(4, '11201f000400000000002000170800177f000000'),
  float64: encoding(8, '11203f000800000000004000340b0034ff030000'),
  int32: encoding(4, '100800000400000000002000'),
  int64: encoding(8, '100800000800000000004000'),
};

function encoding(size: number, hex: string): Encoding {
  return { size, body: Uint8Array.from(Buffer.from(hex, 'hex')) };
}

/** Kinds of messages in an object's header. */
export const Message = {
  nil: 0x00,
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFillValue: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  groupInfo: 0x0a,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  modificationTime: 0x12,
} as const;
