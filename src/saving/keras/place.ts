import { CnnError } from '../../errors.js';
import { describe } from '../../options.js';

const MAX_SHOWN = 120;

/** Where in a model something stands, for messages: whose it is, and which argument. */
export class Place {
  /** `layer "dense_1" (Dense)`, `optimizer Adam`. */
  readonly owner: string;
  private readonly fields: Readonly<Record<string, string>>;

  /** @param fields what errors carry: `file`, `layer`, `argument` */
  constructor(owner: string, fields: Readonly<Record<string, string>> = {}) {
    this.owner = owner;
    this.fields = fields;
  }

  /** The place of something that belongs to this one: the initializer of a layer, say. */
  of(owner: string, fields: Readonly<Record<string, string>> = {}): Place {
    return new Place(owner, { ...this.fields, ...fields });
  }

  argument(name: string): Place {
    const { argument } = this.fields;
    return new Place(this.owner, {
      ...this.fields,
      argument: argument === undefined ? name : `${argument}.${name}`,
    });
  }

  /** The error for something that no writer of the format writes. */
  corrupt(expected: string, received: unknown): CnnError {
    return new CnnError('FILE_CORRUPT', `${this.sentence} is not as it should be`, {
      ...this.fields,
      expected,
      received: shown(received),
    });
  }

  /** The error for something that is right and has no counterpart on the other side. */
  unsupported(expected: string, received: unknown, hint?: string): CnnError {
    return new CnnError('UNSUPPORTED', `${this.sentence} is not supported`, {
      ...this.fields,
      expected,
      received: shown(received),
      ...(hint === undefined ? {} : { hint }),
    });
  }

  private get sentence(): string {
    const { file, argument } = this.fields;
    const what = argument === undefined ? this.owner : `${this.owner}: ${argument}`;
    return file === undefined ? what : `${file}: ${what}`;
  }
}

/** A value in words, cut where it is long. */
function shown(value: unknown): string {
  const text = describe(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)} ...` : text;
}
