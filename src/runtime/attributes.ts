import { CnnError } from '../errors.js';
import type { CApi, Pointer } from './capi.js';
import type { NativeContext } from './context.js';

/** Attribute types as TF_AttrType numbers them; the binding shows them to tfjs-node's kernels. */
export const AttrType = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5, func: 8 } as const;

/** An attribute of an op, in the form tfjs-node's kernels give it. */
export interface OpAttr {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The setters of one target: an eager op or a graph node. Both have the same set under other names. */
type Setters = {
  [K in
    | 'String'
    | 'Int'
    | 'IntList'
    | 'Float'
    | 'FloatList'
    | 'Bool'
    | 'Type'
    | 'TypeList'
    | 'Function']: CApi[`opSet${K}`];
} & { Shape(target: Pointer, name: string, dims: BigInt64Array, rank: number): void };

/** Sets attributes on eager ops. */
export function eagerAttributes({ c, status }: NativeContext): (op: Pointer, attr: OpAttr) => void {
  return setterFor({
    String: c.opSetString,
    Int: c.opSetInt,
    IntList: c.opSetIntList,
    Float: c.opSetFloat,
    FloatList: c.opSetFloatList,
    Bool: c.opSetBool,
    Type: c.opSetType,
    TypeList: c.opSetTypeList,
    Function: c.opSetFunction,
    Shape: (op, name, dims, rank) => c.opSetShape(op, name, dims, rank, status),
  });
}

/** Sets attributes on graph nodes under construction. */
export function nodeAttributes({ c }: NativeContext): (node: Pointer, attr: OpAttr) => void {
  return setterFor({
    String: c.nodeSetString,
    Int: c.nodeSetInt,
    IntList: c.nodeSetIntList,
    Float: c.nodeSetFloat,
    FloatList: c.nodeSetFloatList,
    Bool: c.nodeSetBool,
    Type: c.nodeSetType,
    TypeList: c.nodeSetTypeList,
    Function: c.nodeSetFunction,
    Shape: c.nodeSetShape,
  });
}

const toInt64s = (values: readonly number[]) => BigInt64Array.from(values, (v) => BigInt(Math.trunc(v)));

function setterFor(set: Setters): (target: Pointer, attr: OpAttr) => void {
  return (target, { name, type, value }) => {
    if (Array.isArray(value) && type !== AttrType.shape) {
      setList(set, target, name, type, value);
      return;
    }
    switch (type) {
      case AttrType.string: {
        const bytes = Buffer.from(value as string);
        set.String(target, name, bytes, bytes.length);
        break;
      }
      case AttrType.int:
        set.Int(target, name, Number(value));
        break;
      case AttrType.float:
        set.Float(target, name, Number(value));
        break;
      case AttrType.bool:
        set.Bool(target, name, value ? 1 : 0);
        break;
      case AttrType.type:
        set.Type(target, name, Number(value));
        break;
      case AttrType.shape:
        set.Shape(target, name, toInt64s(value as number[]), (value as number[]).length);
        break;
      case AttrType.func: {
        const fn = value as string;
        set.Function(target, name, fn, Buffer.byteLength(fn));
        break;
      }
      default:
        throw unsupported(name, type);
    }
  };
}

function setList(set: Setters, target: Pointer, name: string, type: number, values: unknown[]): void {
  switch (type) {
    case AttrType.int:
      set.IntList(target, name, toInt64s(values as number[]), values.length);
      break;
    case AttrType.float:
      set.FloatList(target, name, Float32Array.from(values as number[]), values.length);
      break;
    case AttrType.type:
      set.TypeList(target, name, Int32Array.from(values as number[]), values.length);
      break;
    default:
      throw unsupported(name, type);
  }
}

function unsupported(name: string, type: number): CnnError {
  return new CnnError('INVALID_ARGUMENT', `attribute "${name}" has a type that ops cannot take`, {
    attribute: name,
    expected: 'a string, int, float, bool, type or shape, or a list of int, float or type',
    received: `type ${type}`,
  });
}
