// Builds the real addon of @tensorflow/tfjs-node, from the C++ in its package, against libtensorflow: for the test that
// an installed tfjs-node is used, and for the benchmarks. Result: .addon/, a folder as npm would have left it, so that
// `createRequire('.addon/')('@tensorflow/tfjs-node')` is the stock package. Nothing is downloaded.
//
//   node scripts/build-addon.mjs [--library FOLDER] [--out FOLDER]
//
// FOLDER holds libtensorflow_cc and libtensorflow_framework; by default, the library that cnn-node itself uses.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const SOURCE = path.join(ROOT, 'node_modules', '@tensorflow', 'tfjs-node');
const NAPI_VERSION = 8;
// What the addon's sources include; one header of ours stands for all.
const INCLUDES = [
  'tensorflow/c/c_api.h',
  'tensorflow/c/eager/c_api.h',
  'tensorflow/c/tf_datatype.h',
  'tensorflow/c/tf_status.h',
  'tensorflow/c/tf_tensor.h',
  'tensorflow/core/platform/ctstring_internal.h',
];

/** Why the addon cannot be built here: `code` is NO_COMPILER, NO_LIBRARY or UNSUPPORTED_PLATFORM. */
export class CannotBuild extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.code = code;
  }
}

/** Builds into `out` unless the same build is there already, and returns the package's folder. */
export async function buildAddon({ library, out = path.join(ROOT, '.addon') } = {}) {
  const libraries = await libraryFiles(library);
  const compiler = findCompiler();
  const version = JSON.parse(readFileSync(path.join(SOURCE, 'package.json'), 'utf8')).version;
  const stamp = JSON.stringify({ compiler, libraries, arch: process.arch, version });
  const isBuilt = () => readIfThere(path.join(out, 'built.json')) === stamp;
  if (!isBuilt()) {
    // Two processes may build at once: each for itself, and the first to end provides the result.
    const own = `${out}-${process.pid}`;
    try {
      build(own, compiler, libraries);
      writeFileSync(path.join(own, 'built.json'), stamp);
      if (!isBuilt()) {
        rmSync(out, { recursive: true, force: true });
        renameSync(own, out);
      }
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  }
  return packageIn(out);
}

function packageIn(out) {
  return path.join(out, 'node_modules', '@tensorflow', 'tfjs-node');
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function build(out, compiler, libraries) {
  const target = packageIn(out);
  mkdirSync(target, { recursive: true });
  cpSync(path.join(SOURCE, 'package.json'), path.join(target, 'package.json'));
  cpSync(path.join(SOURCE, 'dist'), path.join(target, 'dist'), { recursive: true });
  const folder = path.join(target, 'deps', 'lib');
  mkdirSync(folder, { recursive: true });
  for (const file of libraries) symlinkSync(file, path.join(folder, path.basename(file)));
  const include = path.join(out, 'include');
  for (const name of INCLUDES) {
    mkdirSync(path.dirname(path.join(include, name)), { recursive: true });
    writeFileSync(
      path.join(include, name),
      `#include "${path.join(ROOT, 'scripts', 'addon', 'tensorflow.h')}"\n`,
    );
  }
  const addon = path.join(target, 'lib', `napi-v${NAPI_VERSION}`, 'tfjs_binding.node');
  mkdirSync(path.dirname(addon), { recursive: true });
  compile(compiler, [
    ...['-O2', '-std=c++17', '-fPIC', '-w', `-DNAPI_VERSION=${NAPI_VERSION}`],
    ...[`-I${include}`, `-I${path.join(ROOT, 'node_modules', 'node-api-headers', 'include')}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join(SOURCE, 'binding', name)),
    ...(process.platform === 'darwin'
      ? ['-bundle', '-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/../../deps/lib', ...libraries]
      : [
          '-shared',
          '-Wl,-rpath,$ORIGIN/../../deps/lib',
          '-Wl,--no-as-needed',
          ...stubs(out, compiler, libraries),
        ]),
    ...['-o', addon],
  ]);
}

/**
 * Empty libraries with the names of the real ones, to be linked in their place: `cnn setup` cuts off the section table, by
 * which older linkers find symbols, and which the loader does not need.
 */
function stubs(out, compiler, libraries) {
  const folder = path.join(out, 'stubs');
  mkdirSync(folder, { recursive: true });
  return libraries.map((file) => {
    const name = path.basename(file);
    const stub = path.join(folder, name);
    compile(compiler, ['-shared', `-Wl,-soname,${name}`, '-x', 'c++', '/dev/null', '-o', stub]);
    return stub;
  });
}

/** The two files of the library in `folder`, or of the one that cnn-node finds on this machine. */
async function libraryFiles(folder) {
  const module = path.join(ROOT, 'dist', 'src', 'runtime', 'library.js');
  if (!existsSync(module))
    throw new CannotBuild('NO_LIBRARY', 'cnn-node is not built: run "npm run build" first');
  const { findLibrary } = await import(pathToFileURL(module));
  const library = findLibrary({ path: folder });
  if (!library)
    throw new CannotBuild('NO_LIBRARY', 'libtensorflow is not installed: run "npx cnn setup" first');
  return [library.cc, library.framework];
}

function findCompiler() {
  if (process.platform === 'win32') {
    throw new CannotBuild(
      'UNSUPPORTED_PLATFORM',
      'the addon is built here with the c++ command, which Windows lacks',
    );
  }
  const names = [process.env.CXX, 'c++', 'g++', 'clang++'].filter(Boolean);
  const found = names.find((name) => spawnSync(name, ['--version']).status === 0);
  if (!found) throw new CannotBuild('NO_COMPILER', `no C++ compiler: tried ${names.join(', ')}`);
  return found;
}

function compile(compiler, args) {
  const { status, stderr } = spawnSync(compiler, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${compiler} failed:\n${stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { library: { type: 'string' }, out: { type: 'string' } } });
  try {
    console.log(await buildAddon(values));
  } catch (error) {
    console.error(error.code ? error.message : error);
    process.exit(1);
  }
}
