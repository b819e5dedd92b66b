import type { ExitCode } from './exit-codes.js';
import type { Options, Values } from './option.js';
import type { Output } from './output.js';

/**
 * What a command does, with the values of its options and the operand, if it takes one and one was given; `operands` has
 * all of them, for a command that takes several.
 */
export type Action<O extends Options> = (
  values: Values<O>,
  output: Output,
  operand: string | undefined,
  operands: readonly string[],
) => Promise<ExitCode>;

/** A command as the table of commands holds it: all that a help text needs, and where the code is. */
export interface Command<O extends Options = Options> {
  readonly name: string;
  /** One line in the list of commands. */
  readonly summary: string;
  readonly operand?: {
    readonly name: string;
    readonly description: string;
    /** One or more have to be given, or any number may be, instead of one or none. */
    readonly list?: 'some' | 'any';
  };
  readonly options: O;
  /** Command lines and what they do. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Whether it computes: TensorFlow is loaded while its code is. */
  readonly computes?: boolean;
  /** Loads the code; what computes takes a third of a second to load, which a help text is not to wait for. */
  readonly load: () => Promise<Action<O>>;
}

/** A command with its options' types checked against its code, for a table of commands of all types. */
export function command<O extends Options>(definition: Command<O>): Command {
  return definition as unknown as Command;
}
