import { CnnError } from '../errors.js';
import { AttrType } from './attributes.js';
import { type Pointer, takeBuffer } from './capi.js';
import type { NativeContext } from './context.js';
import { fields, text } from './wire.js';

/** What the runtime has to know about one of TensorFlow's ops. */
export interface OpDef {
  /** The op does more than compute its outputs: it has state, or a side effect. */
  readonly stateful: boolean;
  /** For each input, whether it takes a list of tensors. */
  readonly listInputs: readonly boolean[];
  /** Attributes that follow from the inputs: their types and the lengths of their lists. */
  readonly implied: ReadonlySet<string>;
  readonly attributes: ReadonlyMap<string, AttributeDef>;
  /** Attributes that a call has to give: neither implied nor with a default. */
  readonly required: readonly string[];
}

export interface AttributeDef {
  /** One of AttrType; undefined for the types that this package never sets. */
  readonly type: number | undefined;
  readonly isList: boolean;
  /** For the number of tensors in a list: which list. */
  readonly counts: 'inputs' | 'outputs' | undefined;
}

/** AttrType by TensorFlow's word for it. */
const ATTR_TYPES: Readonly<Record<string, number>> = AttrType;

/** The definitions of a library's ops, each read when it is first asked for. */
export class OpDefs {
  private readonly context: NativeContext;
  /** An empty graph, which can be asked for definitions one by one; the list of all takes 0.1 s to make. */
  private readonly graph: Pointer;
  private readonly known = new Map<string, OpDef>();

  constructor(context: NativeContext) {
    this.context = context;
    this.graph = context.c.newGraph();
  }

  /** @throws CnnError UNKNOWN_NAME for an op that this library does not have */
  get(name: string): OpDef {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const { c, status } = this.context;
    const buffer = c.newBuffer();
    c.graphOpDef(this.graph, name, buffer, status);
    const encoded = takeBuffer(c, buffer);
    if (c.statusCode(status) !== 0) {
      throw new CnnError('UNKNOWN_NAME', `this TensorFlow library has no op "${name}"`, { op: name });
    }
    const def = decodeOpDef(encoded);
    this.known.set(name, def);
    return def;
  }
}

/** OpDef: name 1, input_arg 2, output_arg 3, attr 4 { name 1, type 2, default_value 3 }, is_stateful 17. */
function decodeOpDef(bytes: Uint8Array): OpDef {
  const all = [...fields(bytes)];
  const messages = (number: number) =>
    all.filter((field) => field.number === number).map(({ value }) => decodeMessage(value as Uint8Array));
  const inputs = messages(2).map(decodeArgument);
  const outputs = messages(3).map(decodeArgument);
  const implied = new Set(inputs.flatMap((input) => input.attributes));
  const countOf = (name: string) => {
    if (inputs.some((input) => input.length === name)) return 'inputs';
    return outputs.some((output) => output.length === name) ? 'outputs' : undefined;
  };
  const attributes = new Map<string, AttributeDef>();
  const required: string[] = [];
  for (const attr of messages(4)) {
    const name = text(attr.get(1)!);
    const [, list, type] = /^(list\()?(\w+)/.exec(text(attr.get(2)!))!;
    attributes.set(name, { type: ATTR_TYPES[type!], isList: list !== undefined, counts: countOf(name) });
    if (!attr.has(3) && !implied.has(name)) required.push(name);
  }
  return {
    stateful: all.some(({ number, value }) => number === 17 && value === 1n),
    listInputs: inputs.map((input) => input.isList),
    implied,
    attributes,
    required,
  };
}

function decodeMessage(bytes: Uint8Array): Map<number, bigint | Uint8Array> {
  return new Map([...fields(bytes)].map(({ number, value }) => [number, value]));
}

/** ArgDef: type_attr 4, number_attr 5, type_list_attr 6 name the attributes that an argument implies. */
function decodeArgument(argument: ReadonlyMap<number, bigint | Uint8Array>) {
  const [type, length, types] = [4, 5, 6].map((number) => text(argument.get(number) ?? 0n) || undefined);
  const attributes = [type, length, types].filter((name) => name !== undefined);
  return { attributes, length, isList: length !== undefined || types !== undefined };
}
