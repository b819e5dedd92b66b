import { isDeepStrictEqual } from 'node:util';
import type { Serialized } from '../../registry.js';
import { nearest } from '../../suggest.js';
import { isObject, isText, type Kind, toSnake } from './kinds.js';
import type { Place } from './place.js';

/** What Keras's config of a class holds. */
export interface ClassSchema {
  /** Keras's name of the class, where it is not ours. */
  readonly kerasClass?: string;
  /** Its arguments, by our names. */
  readonly arguments: Readonly<Record<string, Kind>>;
  /**
   * Arguments of Keras's that we have none for, each with the values that change nothing (`'any'`: all of them). They
   * are not written.
   */
  readonly fixed?: Readonly<Record<string, readonly unknown[] | 'any'>>;
}

/** The classes that may stand in one place, by name. Nothing that is not in a table is ever made from a file. */
export interface ClassTable {
  /** What they are, for messages: `'initializer'`. */
  readonly kind: string;
  /** Keras's module of them all. */
  readonly module: string;
  readonly classes: Readonly<Record<string, ClassSchema>>;
}

/** An object as Keras writes it. */
export interface KerasObject {
  readonly module: unknown;
  readonly className: string;
  readonly config: Record<string, unknown>;
  readonly buildConfig: unknown;
  readonly compileConfig: unknown;
}

const ENVELOPE = new Set([
  'module',
  'class_name',
  'config',
  'registered_name',
  'build_config',
  'compile_config',
  'shared_object_id',
]);

/** What surrounds the config of an object. @throws CnnError FILE_CORRUPT */
export function readEnvelope(value: unknown, place: Place): KerasObject {
  if (!isObject(value)) throw place.corrupt('an object with module, class_name and config', value);
  const strange = Object.keys(value).find((key) => !ENVELOPE.has(key));
  if (strange !== undefined) throw place.corrupt(`one of ${[...ENVELOPE].join(', ')}`, strange);
  const {
    module,
    class_name: className,
    config,
    build_config: buildConfig,
    compile_config: compileConfig,
  } = value;
  if (!isText(className)) throw place.argument('class_name').corrupt('a name', className);
  if (!isObject(config)) throw place.argument('config').corrupt('an object', config);
  return { module, className, config, buildConfig, compileConfig };
}

/** The class of an object in a table. @throws CnnError UNSUPPORTED naming class and module */
export function schemaOf(table: ClassTable, { module, className }: KerasObject, place: Place): ClassSchema {
  if (module === table.module && Object.hasOwn(table.classes, className)) return table.classes[className]!;
  const suggestion = module === table.module ? nearest(className, Object.keys(table.classes)) : undefined;
  throw place.unsupported(
    `${table.kind} classes of ${table.module} that are known here`,
    `${String(module)}.${className}`,
    suggestion === undefined
      ? 'Only a fixed list of classes is ever made from a file.'
      : `Near: "${suggestion}".`,
  );
}

/** An object of a table, in our spelling. @throws CnnError FILE_CORRUPT, UNSUPPORTED */
export function readObject(table: ClassTable, value: unknown, place: Place): Serialized {
  const object = readEnvelope(value, place);
  const schema = schemaOf(table, object, place);
  const inside = place.of(`${place.owner}, ${table.kind} ${object.className}`);
  return { className: object.className, config: readConfig(schema, object.config, inside) };
}

/**
 * An object of a table, as Keras writes it.
 *
 * @param inside the place of its arguments
 * @throws CnnError UNSUPPORTED
 */
export function writeObject(
  table: ClassTable,
  { className, config }: Serialized,
  place: Place,
  inside = place.of(`${place.owner}, ${table.kind} ${className}`),
) {
  if (!Object.hasOwn(table.classes, className)) {
    throw place.unsupported(`${table.kind} classes that Keras has`, className);
  }
  const schema = table.classes[className]!;
  return {
    module: table.module,
    class_name: schema.kerasClass ?? className,
    config: writeConfig(schema, config, inside),
    registered_name: null,
  };
}

/** Keras's config in our spelling. @throws CnnError FILE_CORRUPT, UNSUPPORTED, naming the argument */
export function readConfig(schema: ClassSchema, config: Record<string, unknown>, place: Place) {
  const names = new Map(
    Object.entries(schema.arguments).map(([name, kind]) => [kerasNameOf(name, kind), name]),
  );
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    const at = place.argument(key);
    const name = names.get(key);
    if (name !== undefined) {
      const read = schema.arguments[name]!.read(value, at);
      if (read !== undefined) result[name] = read;
      continue;
    }
    const fixed =
      schema.fixed !== undefined && Object.hasOwn(schema.fixed, key) ? schema.fixed[key]! : undefined;
    if (fixed === undefined) throw at.unsupported(`the arguments ${[...names.keys()].join(', ')}`, key);
    if (fixed !== 'any' && !fixed.some((allowed) => isDeepStrictEqual(allowed, value))) {
      throw at.unsupported(fixed.map((allowed) => JSON.stringify(allowed)).join(' or '), value);
    }
  }
  return result;
}

/** Our config in Keras's spelling, without what is null. @throws CnnError UNSUPPORTED, naming the argument */
export function writeConfig(schema: ClassSchema, config: Record<string, unknown>, place: Place) {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(config)) {
    if (value === undefined || value === null) continue;
    const at = place.argument(name);
    if (!Object.hasOwn(schema.arguments, name)) throw at.unsupported('an argument that Keras has', value);
    const kind = schema.arguments[name]!;
    const written = kind.write(value, at);
    if (written !== undefined) result[kerasNameOf(name, kind)] = written;
  }
  return result;
}

/** An argument that is an object of a table, its name, or nothing. */
export function objectOf(table: ClassTable): Kind {
  return {
    read(value, place) {
      if (value === null) return undefined;
      return isText(value) ? value : readObject(table, value, place);
    },
    write: (value, place) => writeObject(table, value as Serialized, place),
  };
}

function kerasNameOf(name: string, kind: Kind): string {
  return kind.kerasName ?? toSnake(name);
}
