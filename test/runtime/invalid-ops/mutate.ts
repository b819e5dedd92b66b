/** Random damage to valid calls of ops. The same number always gives the same call. */
import { AttrType, type OpAttr } from '../../../src/runtime/attributes.js';
import { DType } from '../../../src/runtime/capi.js';
import type { InputSpec, OpCall } from './corpus.js';

/** Draws from a seeded generator (mulberry32). */
export class Draw {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed + 1, 0x9e3779b1);
  }

  /** In [0, 1). */
  unit(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(n: number): number {
    return Math.floor(this.unit() * n);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  many<T>(n: number, item: () => T): T[] {
    return Array.from({ length: n }, item);
  }
}

/** An input whose dtype is this is replaced by the number of a tensor that is gone. */
export const DISPOSED = -1;

const DTYPES = ['float32', 'int32', 'bool', 'string', 'complex64', 'int64', 'uint8', 'resource'] as const;
const INTEGERS = [-1, 0, 1, 2, 3, 5, 100, -2, -(2 ** 31), 2 ** 31 - 1, 2 ** 16];
const WORDS = [
  '',
  'SAME',
  'VALID',
  'EXPLICIT',
  'NHWC',
  'NCHW',
  'NCHW_VECT_C',
  'nonsense',
  '\0',
  'ij,jk->ik',
  '(',
];

/** Ops whose result is as large as the values of an input say: huge ones would only fill the memory. */
const SIZED =
  /Fill|Tile|Range|LinSpace|OneHot|Resize|Pad|Scatter|Sparse|Segment|Stateless|Crop|Multinomial|Bincount|Space|Backprop|Grad|NonMax/;

/** A valid call with one to three things wrong with it (now and then none). */
export function damage(call: OpCall, draw: Draw): OpCall {
  const damaged = structuredClone(call);
  for (let i = draw.below(3); i >= 0; i--) draw.pick(DAMAGES)(damaged, draw);
  return damaged;
}

const DAMAGES: ((call: OpCall, draw: Draw) => void)[] = [
  ({ inputs }, draw) => {
    if (inputs.length > 0) inputs[draw.below(inputs.length)] = anyInput(draw);
  },
  ({ inputs }, draw) => {
    const input = draw.pick(inputs);
    if (input !== undefined) Object.assign(input, { shape: anyShape(draw), values: undefined });
  },
  ({ name, inputs }, draw) => {
    const input = draw.pick(inputs.filter(({ values }) => values !== undefined));
    const integers = SIZED.test(name) ? INTEGERS.filter((value) => value <= 100) : INTEGERS;
    if (input !== undefined)
      input.values = input.values!.map((v) => (draw.chance(0.5) ? draw.pick(integers) : v));
  },
  ({ inputs }, draw) => {
    const input = draw.pick(inputs);
    if (input !== undefined) input.dtype = DISPOSED;
  },
  ({ inputs }, draw) => {
    if (draw.chance(0.5)) inputs.splice(draw.below(inputs.length + 1), 1);
    else inputs.splice(draw.below(inputs.length + 1), 0, anyInput(draw));
  },
  ({ attrs }, draw) => {
    if (attrs.length === 0) return;
    const at = draw.below(attrs.length);
    attrs[at] = { ...attrs[at]!, value: anyValue(attrs[at]!.type, draw) };
  },
  ({ attrs }, draw) => {
    if (attrs.length > 0)
      attrs.splice(draw.below(attrs.length), 1, ...draw.many(draw.below(3), () => anyAttr(attrs, draw)));
  },
  (call, draw) => {
    call.outputs = draw.below(8);
  },
];

function anyInput(draw: Draw): InputSpec {
  return { dtype: DType[draw.pick(DTYPES)], shape: anyShape(draw) };
}

function anyShape(draw: Draw): number[] {
  return draw.many(draw.pick([0, 1, 1, 2, 2, 3, 4, 4, 5, 6, 9]), () => draw.pick([0, 1, 1, 2, 2, 3, 5]));
}

function anyAttr(attrs: readonly OpAttr[], draw: Draw): OpAttr {
  const type = draw.pick(Object.values(AttrType));
  const name = draw.chance(0.7) ? draw.pick(attrs).name : draw.pick(['T', 'N', 'unknown', '']);
  return { name, type, value: anyValue(type, draw) };
}

function anyValue(type: number, draw: Draw): unknown {
  if (draw.chance(0.1))
    return draw.pick([undefined, null, {}, 'text', 1.5, Number.NaN, true, [1.5], ['text'], [[]]]);
  switch (type) {
    case AttrType.string:
    case AttrType.func:
      return draw.pick(WORDS);
    case AttrType.int:
      return draw.chance(0.4) ? anyIntegers(draw) : draw.pick([...INTEGERS, 2 ** 40, -(2 ** 53)]);
    case AttrType.float:
      return draw.pick([Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1e300]);
    case AttrType.bool:
      return draw.chance(0.5);
    case AttrType.type:
      return draw.pick([...Object.values(DType), 0, 5, 19, 21, 101, -1, 1000]);
    default:
      return anyIntegers(draw);
  }
}

function anyIntegers(draw: Draw): number[] {
  return draw.many(draw.below(8), () => draw.pick(INTEGERS));
}
