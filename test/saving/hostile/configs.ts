// Configs that a model must not be made from: code, imports, other files, unknown classes and arguments, bombs.
import { archive, goodConfig, type HostileFile, type Json } from './good.js';

/** A config as a file whose other members are right. */
function withConfig(name: string, config: unknown): HostileFile {
  return { name: `config: ${name}`, bytes: archive({ 'config.json': JSON.stringify(config) }) };
}

function changed(name: string, change: (config: Json, dense: Json) => void): HostileFile {
  const config = goodConfig();
  change(config, config.config.layers[1]);
  return withConfig(name, config);
}

/** A class of Keras's in the place of the layer. */
function layer(name: string, className: string, config: object, module = 'keras.layers'): HostileFile {
  return changed(name, ({ config: { layers } }) => {
    layers[1] = {
      module,
      class_name: className,
      config: { name: 'dense', ...config },
      registered_name: null,
    };
  });
}

const MARSHALLED = Buffer.from('e300000000000000', 'hex').toString('base64');

/** Each known hole of Keras's loader, as its reports describe it. */
const CVES: HostileFile[] = [
  layer('CVE-2024-3660: Lambda with marshalled code', 'Lambda', {
    function: { class_name: '__lambda__', config: { code: MARSHALLED, defaults: null, closure: null } },
    arguments: {},
  }),
  layer('CVE-2024-3660: Lambda as older versions wrote it', 'Lambda', {
    function: [MARSHALLED, null, null],
    function_type: 'lambda',
  }),
  layer('CVE-2025-1550: a class of any module', 'system', { command: 'id' }, 'os'),
  changed('CVE-2025-1550: a function of any module', (_, dense) => {
    dense.config.activation = {
      module: 'os',
      class_name: 'function',
      config: 'system',
      registered_name: null,
    };
  }),
  changed('CVE-2025-1550: subprocess as an initializer', (_, dense) => {
    dense.config.kernel_initializer = { module: 'subprocess', class_name: 'run', config: { args: ['id'] } };
  }),
  layer('CVE-2025-8747: keras.utils.get_file in a Lambda', 'Lambda', {
    function: {
      module: 'keras.utils',
      class_name: 'function',
      config: 'get_file',
      registered_name: 'get_file',
    },
    arguments: { origin: 'http://127.0.0.1:9/x', cache_dir: '/tmp' },
  }),
  changed('CVE-2025-8747: keras.utils.get_file as an activation', (_, dense) => {
    dense.config.activation = { module: 'keras.utils', class_name: 'function', config: 'get_file' };
  }),
  changed('CVE-2025-9906: switching safe mode off', ({ config: { layers } }) => {
    layers.splice(1, 0, {
      module: 'keras.config',
      class_name: 'function',
      config: 'enable_unsafe_deserialization',
      registered_name: 'enable_unsafe_deserialization',
    });
  }),
  withConfig('CVE-2025-9906: switching safe mode off at the top', {
    module: 'keras.config',
    class_name: 'enable_unsafe_deserialization',
    config: {},
    registered_name: null,
  }),
  layer('CVE-2025-12058: a vocabulary from a file', 'StringLookup', { vocabulary: '/etc/passwd' }),
  layer('CVE-2025-12058: a vocabulary from the network', 'TextVectorization', {
    vocabulary: 'http://169.254.169.254/latest/meta-data/',
  }),
  layer('CVE-2025-12060: a downloaded archive unpacked', 'get_file', { extract: true }, 'keras.utils'),
  layer('CVE-2026-1462: a saved model from a path', 'TFSMLayer', {
    filepath: '/tmp/evil',
    call_endpoint: 'serve',
  }),
  layer('CVE-2026-1462: a torch module, pickled', 'TorchModuleWrapper', { module: MARSHALLED }),
];

const SHAPES: readonly [string, unknown][] = [
  ['negative', [null, -3]],
  ['zero', [null, 0]],
  ['a fraction', [null, 1.5]],
  ['text', [null, '3']],
  ['too large', [null, 1e300]],
  ['beyond 2^53', [null, 2 ** 60]],
  ['of no dimensions', []],
  ['of many dimensions', Array(1000).fill(1)],
  ['an object', { length: 2 }],
  ['another', [null, 4]],
  ['larger than the weights', [null, 2 ** 30]],
  ['all null', [null, null]],
];

const UNITS: readonly unknown[] = [
  0,
  -1,
  1.5,
  '2',
  null,
  true,
  [2],
  3,
  2 ** 30,
  2 ** 31,
  1e308,
  { units: 2 },
];

const UNKNOWN_CLASSES = [
  'Wrapper',
  'RNN',
  'TimeDistributed',
  'FlaxLayer',
  'JaxLayer',
  '__proto__',
  'constructor',
];
const UNKNOWN_MODULES = ['builtins', 'keras', 'keras.src.layers', 'tensorflow', '', null, 7, 'keras.layers.'];
const ARGUMENTS: readonly [string, unknown][] = [
  ['lora_rank', 4],
  ['quantization_config', { mode: 'int8' }],
  [
    'kernel_constraint',
    { module: 'keras.constraints', class_name: 'NonNeg', config: {}, registered_name: null },
  ],
  ['activity_regularizer', 'l2'],
  ['dtype', 'float64'],
  [
    'dtype',
    { module: 'keras', class_name: 'DTypePolicy', config: { name: 'mixed_float16' }, registered_name: null },
  ],
  ['dtype', { module: 'os', class_name: 'system', config: 'id' }],
  ['weights', [[1, 2]]],
  ['inputShape', [3]],
  ['useBias', false],
  ['__proto__', { polluted: true }],
  ['constructor', 'Lambda'],
  ['activation', 'no such'],
  ['activation', 'constructor'],
  ['activation', { module: 'builtins', class_name: 'function', config: 'eval', registered_name: 'function' }],
  ['activation', { class_name: 'Custom>evil', config: {}, registered_name: 'Custom>evil' }],
  ['kernel_initializer', 'toString'],
  ['kernel_initializer', { module: 'keras.initializers', class_name: 'STFT', config: {} }],
  ['kernel_initializer', { module: 'keras.layers', class_name: 'Zeros', config: {} }],
  ['kernel_initializer', { module: 'keras.initializers', class_name: 'Zeros', config: { __class__: 'os' } }],
  ['kernel_initializer', { module: 'keras.initializers', class_name: 'Zeros', config: {}, args: [] }],
  ['kernel_initializer', { module: 'keras.initializers', class_name: 'Zeros' }],
  ['kernel_regularizer', { module: 'keras.regularizers', class_name: 'L2', config: { l2: 'x' } }],
  ['kernel_regularizer', { module: 'keras.regularizers', class_name: 'OrthogonalRegularizer', config: {} }],
  ['use_bias', 'yes'],
  ['use_bias', false],
  ['use_bias', 1],
  ['name', 7],
  ['name', 'x'.repeat(2000)],
  ['trainable', 'no'],
];

const COMPILE: readonly [string, unknown][] = [
  ['optimizer', { module: 'os', class_name: 'system', config: { name: 'id' } }],
  ['optimizer', { module: 'keras.optimizers', class_name: 'Muon', config: {} }],
  ['optimizer', { module: 'keras.optimizers', class_name: 'SGD', config: { use_ema: true } }],
  ['optimizer', { module: 'keras.optimizers', class_name: 'SGD', config: { learning_rate: 'fast' } }],
  ['optimizer', { module: 'keras.optimizers', class_name: 'SGD', config: { learning_rate: -1 } }],
  [
    'optimizer',
    {
      module: 'keras.optimizers',
      class_name: 'SGD',
      config: { learning_rate: { module: 'os', class_name: 'system', config: {} } },
    },
  ],
  ['optimizer', 'no such'],
  ['optimizer', null],
  ['loss', { module: 'builtins', class_name: 'function', config: 'exec', registered_name: 'function' }],
  ['loss', { module: 'keras.losses', class_name: 'CTC', config: {} }],
  ['loss', { module: 'os', class_name: 'system', config: {} }],
  ['loss', 'no such'],
  ['loss', { output: 'mse' }],
  ['loss', ['mse', 'mae']],
  ['loss_weights', [1, 2]],
  ['weighted_metrics', ['no such']],
  ['metrics', { output: 'accuracy' }],
  ['metrics', [{ module: 'os', class_name: 'system', config: {} }]],
  ['metrics', 'accuracy'],
  ['run_eagerly', 'yes'],
  ['steps_per_execution', 0],
  ['steps_per_execution', 1e300],
  ['callbacks', ['x']],
];

const TEXTS: readonly [string, string][] = [
  ['empty', ''],
  ['no JSON', 'import os'],
  ['cut', JSON.stringify(goodConfig()).slice(0, -9)],
  ['followed by more', `${JSON.stringify(goodConfig())}{}`],
  ['not a number', JSON.stringify(goodConfig()).replace('"units":2', '"units":NaN')],
  ['a list', '[]'],
  ['null', 'null'],
  ['a number', '1'],
  ['deep lists', '['.repeat(100_000)],
  ['deep objects', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`],
  ['many values', `[${'0,'.repeat(2_000_000)}0]`],
  ['many empty objects', `[${'{},'.repeat(1_000_000)}{}]`],
  ['larger than 16 MiB', ' '.repeat(17 * 2 ** 20)],
  ['a name given twice', JSON.stringify(goodConfig()).replace('"units":2', '"units":2,"units":3')],
];

export function hostileConfigs(): HostileFile[] {
  return [
    ...CVES,
    ...SHAPES.map(([name, shape]) =>
      changed(`an input shape that is ${name}`, ({ config }) => {
        config.layers[0].config.batch_shape = shape;
      }),
    ),
    ...UNITS.map((units) =>
      changed(`units ${JSON.stringify(units)}`, (_, dense) => {
        dense.config.units = units;
      }),
    ),
    ...UNKNOWN_CLASSES.map((name) => layer(`class ${name}`, name, {})),
    ...UNKNOWN_MODULES.map((module) =>
      changed(`module ${JSON.stringify(module)}`, (_, dense) => {
        dense.module = module;
      }),
    ),
    ...ARGUMENTS.map(([key, value]) =>
      changed(`argument ${key} = ${JSON.stringify(value).slice(0, 60)}`, (_, dense) => {
        // Assigning to __proto__ would set the prototype.
        Object.defineProperty(dense.config, key, { value, enumerable: true });
      }),
    ),
    ...COMPILE.map(([key, value]) =>
      changed(`compile: ${key} = ${JSON.stringify(value).slice(0, 60)}`, ({ compile_config }) => {
        compile_config[key] = value;
      }),
    ),
    ...TEXTS.map(([name, text]) => ({
      name: `config: ${name}`,
      bytes: archive({ 'config.json': text }),
    })),
    changed('another model class', (config) => {
      config.class_name = 'Functional';
    }),
    changed('a model class of the user', (config) => {
      config.module = null;
      config.registered_name = 'Custom>Sequential';
    }),
    changed('a model in the model', ({ config }) => {
      config.layers.push(goodConfig());
    }),
    changed('no layers', ({ config }) => {
      config.layers = [];
    }),
    changed('layers that are no list', ({ config }) => {
      config.layers = { length: 1e9 };
    }),
    changed('a million layers', ({ config }) => {
      config.layers = Array(20_000).fill(0);
    }),
    changed('two layers of a name', ({ config }) => {
      config.layers.push(config.layers[1]);
    }),
    changed('two inputs', ({ config }) => {
      config.layers.splice(1, 0, config.layers[0]);
    }),
    changed('a sparse input', ({ config }) => {
      config.layers[0].config.sparse = true;
    }),
    changed('an input of texts', ({ config }) => {
      config.layers[0].config.dtype = 'string';
    }),
    changed('one more layer than weights', ({ config }) => {
      const more = structuredClone(config.layers[1]);
      more.config.name = 'more';
      config.layers.push(more);
    }),
    changed('an envelope with a key of its own', (_, dense) => {
      dense.code = MARSHALLED;
    }),
    { name: 'metadata: no JSON', bytes: archive({ 'metadata.json': 'x' }) },
    { name: 'metadata: a megabyte', bytes: archive({ 'metadata.json': `"${'x'.repeat(2 ** 20)}"` }) },
  ];
}
