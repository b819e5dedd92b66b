import { CnnError } from '../errors.js';
import type { CApi } from './capi.js';
import { takeBuffer } from './capi.js';
import { fields, text } from './wire.js';

/** What the runtime has to know about one of TensorFlow's ops. */
export interface OpDef {
  /** The op does more than compute its outputs: it has state, or a side effect. */
  readonly stateful: boolean;
  /** For each input, whether it takes a list of tensors. */
  readonly listInputs: readonly boolean[];
  /** Attributes that follow from the inputs: their types and the lengths of their lists. */
  readonly implied: ReadonlySet<string>;
  /** Attribute name to type: `'int'`, `'type'`, `'list(int)'` ... */
  readonly attributes: ReadonlyMap<string, string>;
}

/** The definitions of every op in a library, decoded one at a time when asked for. */
export class OpDefs {
  private readonly encoded = new Map<string, Uint8Array>();
  private readonly decoded = new Map<string, OpDef>();

  constructor(c: CApi) {
    for (const op of fields(takeBuffer(c, c.opList()))) {
      if (op.number !== 1 || !(op.value instanceof Uint8Array)) continue;
      for (const field of fields(op.value)) {
        if (field.number !== 1) continue;
        this.encoded.set(text(field.value), op.value);
        break;
      }
    }
  }

  /** @throws CnnError UNKNOWN_NAME for an op that this library does not have */
  get(name: string): OpDef {
    const known = this.decoded.get(name);
    if (known !== undefined) return known;
    const encoded = this.encoded.get(name);
    if (encoded === undefined) {
      throw new CnnError('UNKNOWN_NAME', `this TensorFlow library has no op "${name}"`, { op: name });
    }
    const def = decodeOpDef(encoded);
    this.decoded.set(name, def);
    return def;
  }
}

/** OpDef: name 1, input_arg 2, output_arg 3, attr 4 { name 1, type 2 }, is_stateful 17. */
function decodeOpDef(bytes: Uint8Array): OpDef {
  let stateful = false;
  const listInputs: boolean[] = [];
  const implied = new Set<string>();
  const attributes = new Map<string, string>();
  for (const { number, value } of fields(bytes)) {
    if (number === 17) stateful = value === 1n;
    if (!(value instanceof Uint8Array)) continue;
    if (number === 2) listInputs.push(readArgument(value, implied));
    if (number === 4) {
      const [name, type] = [1, 2].map((n) => {
        const field = [...fields(value)].find((f) => f.number === n);
        return field === undefined ? '' : text(field.value);
      });
      attributes.set(name!, type!);
    }
  }
  return { stateful, listInputs, implied, attributes };
}

/**
 * ArgDef: type_attr 4, number_attr 5, type_list_attr 6 name the attributes that the argument implies.
 *
 * @returns whether the argument takes a list of tensors
 */
function readArgument(bytes: Uint8Array, implied: Set<string>): boolean {
  let isList = false;
  for (const { number, value } of fields(bytes)) {
    if (number < 4 || number > 6 || text(value) === '') continue;
    implied.add(text(value));
    if (number > 4) isList = true;
  }
  return isList;
}
