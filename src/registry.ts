import { CnnError } from './errors.js';
import { describe } from './options.js';
import { unknownName } from './suggest.js';

/** An object as configs hold it: plain JSON. */
export interface Serialized {
  className: string;
  /** The arguments to make it from. */
  config: Record<string, unknown>;
}

/**
 * The names of a table's classes as an editor is to offer them, in camel case. Any word may be given, since any spelling
 * is a name.
 */
export type NameIn<Table, Name extends string = keyof Table & string> =
  | (Name extends 'RMSprop' | 'KLDivergence'
      ? { RMSprop: 'rmsprop'; KLDivergence: 'klDivergence' }[Name]
      : Name extends Uppercase<Name>
        ? Lowercase<Name>
        : Uncapitalize<Name>)
  | (string & {});

/** What a table of classes holds. */
interface PluginClass<T> {
  new (options: never): T;
  readonly className: string;
  /** Other names under which people know it: `'mse'`. */
  readonly aliases?: readonly string[];
}

/**
 * The object that an option means: itself, or made from its name (in any of the spellings `glorotUniform`,
 * `GlorotUniform`, `glorot_uniform`) with default options, or from a config.
 *
 * @param kind what it is, for messages: `'initializer'`
 * @param base the abstract class of the kind
 * @param classes the generated table
 * @throws CnnError UNKNOWN_NAME with a suggestion, INVALID_ARGUMENT
 */
export function resolve<T extends object>(
  kind: string,
  base: { readonly name: string; readonly prototype: T },
  classes: Readonly<Record<string, PluginClass<T>>>,
  identifier: string | T | Serialized,
): T {
  if (identifier instanceof (base as abstract new () => T)) return identifier;
  const isName = typeof identifier === 'string';
  const className = isName ? identifier : (identifier as Partial<Serialized> | null)?.className;
  if (typeof className !== 'string') {
    throw new CnnError('INVALID_ARGUMENT', `this is not ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`, {
      expected: `a name, an object of class ${base.name}, or { className, config }`,
      received: describe(identifier),
    });
  }
  const found = findClass(kind, classes, className);
  const config = isName ? {} : (identifier as Serialized).config;
  return new found(config as never);
}

/** The class of a name. @throws CnnError UNKNOWN_NAME */
export function findClass<C extends { readonly className: string; readonly aliases?: readonly string[] }>(
  kind: string,
  classes: Readonly<Record<string, C>>,
  name: string,
): C {
  const wanted = canonical(name);
  const candidates = Object.values(classes);
  const found = candidates.find((c) => [c.className, ...(c.aliases ?? [])].map(canonical).includes(wanted));
  if (found === undefined)
    throw unknownName(
      kind,
      name,
      candidates.map((c) => toCamelCase(c.className)),
    );
  return found;
}

/** A plugin as a config holds it. */
export function serialize(plugin: { getConfig(): Record<string, unknown> }): Serialized {
  const { className } = plugin.constructor as unknown as { className: string };
  return { className, config: plugin.getConfig() };
}

/** What the spellings of a name have in common. */
export function canonical(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
}

/** A class's name as its factory and `compile` have it: MeanSquaredError becomes meanSquaredError, AUC auc. */
export function toCamelCase(className: string): string {
  return className.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]/, (capitals) => capitals.toLowerCase());
}
