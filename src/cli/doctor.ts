import { type DoctorCheck, examine } from '../runtime/doctor.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import type { Values } from './option.js';
import type { doctorOptions } from './options.js';
import type { Colors, Output } from './output.js';

const paint: Record<DoctorCheck['status'], 'green' | 'yellow' | 'red'> = {
  ok: 'green',
  warn: 'yellow',
  fail: 'red',
};

function line({ name, status, detail, mend }: DoctorCheck, colors: Colors): string {
  const hint =
    status !== 'warn' || mend === undefined ? '' : `\n${' '.repeat(15)}mend it: ${colors.bold(mend)}`;
  return `${colors[paint[status]](status.padEnd(5))} ${name.padEnd(8)} ${detail}${hint}`;
}

/** `cnn doctor`: what runs here and how fast; fails, with what mends it, when training cannot run natively. */
export async function doctor(_values: Values<typeof doctorOptions>, output: Output): Promise<ExitCode> {
  const report = await examine();
  const { model, cores, features } = report.processor;
  const processor = `${model}, ${cores} cores${features === undefined ? '' : `: ${features.join(' ')}`}`;
  output.result({ event: 'doctor', ...report }, (colors) => [
    `      ${'system'.padEnd(8)} ${report.platform}, ${processor}`,
    ...report.checks.map((check) => line(check, colors)),
    report.ok
      ? 'Training runs natively here.'
      : `Training cannot run natively here. To mend that: ${report.mend}`,
  ]);
  return report.ok ? exitCodes.done : exitCodes.failed;
}
