import { CnnError } from '../errors.js';
import { describe } from '../options.js';
import { AttrType, type OpAttr } from './attributes.js';
import type { AttributeDef, OpDef } from './op-defs.js';

/**
 * Refuses calls that do not fit the op's definition. TensorFlow takes most of them for programming errors and ends
 * the process: it writes past the definition for an input too many, and aborts for a missing attribute.
 *
 * @throws CnnError INVALID_ARGUMENT
 */
export function checkCall(
  op: string,
  def: OpDef,
  attrs: readonly OpAttr[],
  inputCount: number,
  outputCount: number,
): void {
  checkInputCount(op, def, inputCount);
  for (const attr of attrs) {
    const known = def.attributes.get(attr.name);
    if (known === undefined) throw unknownAttribute(op, def, attr.name);
    if (!fits(attr, known)) throw wrongAttribute(op, def, attr);
    if (known.counts === undefined) continue;
    const isRight =
      known.counts === 'inputs'
        ? attr.value === listLength(def, inputCount)
        : (attr.value as number) <= outputCount;
    if (!isRight) throw wrongAttribute(op, def, attr);
  }
  for (const name of def.required) {
    if (!attrs.some((attr) => attr.name === name)) throw missingAttribute(op, name);
  }
}

/** The tensors that each list argument of an op takes, when a call gives all its inputs in one flat list. */
export function listLength(def: OpDef, inputCount: number): number {
  const lists = def.listInputs.filter(Boolean).length;
  return lists === 0 ? 0 : (inputCount - (def.listInputs.length - lists)) / lists;
}

function checkInputCount(op: string, def: OpDef, count: number): void {
  const { listInputs } = def;
  if (count === listInputs.length) return;
  const length = listLength(def, count);
  if (length > 0 && Number.isInteger(length)) return;
  throw new CnnError('INVALID_ARGUMENT', `${op} was given the wrong number of tensors`, {
    op,
    expected: `${listInputs.length}${listInputs.includes(true) ? ' or more' : ''}`,
    received: `${count}`,
  });
}

const INT64_LIMIT = 2 ** 63;
const isInt64 = (value: unknown) => typeof value === 'number' && Math.abs(value) < INT64_LIMIT;

/** What a value of each type has to be. Fractions are cut off, as tfjs-node does. */
const FITS: Readonly<Record<number, (value: unknown) => boolean>> = {
  [AttrType.string]: (value) => typeof value === 'string',
  [AttrType.int]: isInt64,
  [AttrType.float]: (value) => typeof value === 'number',
  [AttrType.bool]: (value) => typeof value === 'boolean',
  [AttrType.type]: (value) => Number.isInteger(value),
  [AttrType.shape]: (value) => Array.isArray(value) && value.every(isInt64),
  [AttrType.func]: (value) => typeof value === 'string',
};

function fits({ type, value }: OpAttr, known: AttributeDef): boolean {
  const check = FITS[type];
  const isList = Array.isArray(value) && type !== AttrType.shape;
  if (type !== known.type || isList !== known.isList || check === undefined) return false;
  return isList ? (value as unknown[]).every(check) : check(value);
}

function unknownAttribute(op: string, def: OpDef, name: string): CnnError {
  return new CnnError('INVALID_ARGUMENT', `${op} has no attribute "${name}"`, {
    op,
    attribute: name,
    hint: `It has: ${[...def.attributes.keys()].join(', ')}.`,
  });
}

function wrongAttribute(op: string, def: OpDef, { name, value }: OpAttr): CnnError {
  const { type, isList, counts } = def.attributes.get(name)!;
  const word =
    Object.entries(AttrType).find(([, number]) => number === type)?.[0] ?? 'type that cannot be set';
  return new CnnError('INVALID_ARGUMENT', `attribute "${name}" of ${op} was given a wrong value`, {
    op,
    attribute: name,
    expected: counts !== undefined ? `the number of ${counts}` : isList ? `a list of ${word}` : word,
    received: describe(value),
  });
}

function missingAttribute(op: string, name: string): CnnError {
  return new CnnError('INVALID_ARGUMENT', `${op} needs the attribute "${name}"`, { op, attribute: name });
}
