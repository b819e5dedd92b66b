import type { OpAttr } from './attributes.js';
import { DType, type GraphOutput } from './capi.js';
import type { SymbolicTensor } from './handles.js';

/** One line of the printed graph. */
export interface Line {
  readonly op: string;
  readonly inputs: readonly GraphOutput[];
  readonly attrs: readonly OpAttr[];
  readonly outputs: readonly SymbolicTensor[];
  /** How many others it waits for, beside those that make its inputs. */
  readonly after: number;
}

/** One op a line: `%5: float32[128,512] = MatMul(%1, %2)`. */
export function printGraph(lines: readonly Line[]): string {
  const names = new Map<string, string>();
  const nameOf = (output: GraphOutput) => {
    const key = keyOf(output);
    const name = names.get(key) ?? `%${names.size}`;
    names.set(key, name);
    return name;
  };
  return lines
    .map(({ op, inputs, outputs, attrs, after }) => {
      const operands = inputs.map(nameOf).join(', ');
      const results = outputs.map((t) => `${nameOf(t.output)}: ${typeName(t.dtype)}[${t.shape}]`).join(', ');
      const details = attrs.map((a) => `${a.name}=${JSON.stringify(a.value)}`).join(', ');
      const call = `${op}(${operands})${details === '' ? '' : ` {${details}}`}`;
      return `${results === '' ? '' : `${results} = `}${call}${after > 0 ? ' after others' : ''}`;
    })
    .join('\n');
}

/** An output as a key of maps. */
export const keyOf = ({ oper, index }: GraphOutput) => `${oper}:${index}`;

function typeName(dtype: number): string {
  return Object.entries(DType).find(([, number]) => number === dtype)?.[0] ?? `type${dtype}`;
}
