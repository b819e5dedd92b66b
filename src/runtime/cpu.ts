import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The features that TensorFlow's kernels choose by, in the names the systems give them. */
const known = [
  ...['avx', 'avx2', 'fma', 'avx512f', 'avx512_vnni', 'avx512_bf16', 'avx512_fp16'],
  ...['avx_vnni', 'amx_tile', 'amx_int8', 'amx_bf16', 'amx_fp16'],
  ...['asimd', 'asimdhp', 'asimddp', 'sve', 'sve2', 'bf16', 'i8mm'],
];

function systemText(): string | undefined {
  try {
    if (process.platform === 'linux') return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return undefined;
  }
  if (process.platform === 'darwin') {
    // "hw.optional.arm.FEAT_BF16: 1"; NEON (asimd) every Apple processor has
    const { stdout } = spawnSync('/usr/sbin/sysctl', ['hw.optional.arm'], {
      encoding: 'utf8',
      timeout: 5000,
    });
    const features = [...(stdout ?? '').matchAll(/FEAT_(\w+): 1/g)].map((match) => match[1]!.toLowerCase());
    return `Features: asimd ${features.join(' ')}`;
  }
  return undefined;
}

let ofThisProcessor: { readonly features: string[] | undefined } | undefined;

/**
 * Which of the vector and matrix extensions that matter for training this processor has, such as
 * `['avx', 'avx2', 'fma']`, or undefined where the system does not tell.
 *
 * @param text what the system tells of another one
 */
export function cpuFeatures(text?: string): string[] | undefined {
  if (text !== undefined) return featuresIn(text);
  ofThisProcessor ??= { features: featuresIn(systemText()) };
  return ofThisProcessor.features;
}

function featuresIn(text: string | undefined): string[] | undefined {
  const line = text === undefined ? undefined : /^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1];
  if (line === undefined) return undefined;
  const words = new Set(line.split(/\s+/));
  return known.filter((feature) => words.has(feature));
}

/** Whether this processor has instructions for products of bfloat16; taken for granted where the system does not tell. */
export function multipliesBfloat16(): boolean {
  const instructions = ['avx512_bf16', 'amx_bf16', 'bf16'];
  return cpuFeatures()?.some((feature) => instructions.includes(feature)) ?? true;
}
