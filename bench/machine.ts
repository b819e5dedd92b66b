/** What computes here, and whether it has anything else to do. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuFeatures } from '../src/runtime/cpu.js';

/** Processor, memory and system, in one line: the same for all that is measured on a machine. */
export function machine(): string {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return [
    `${cpus.length} cores of ${cpus[0]?.model.trim() ?? 'an unknown processor'} (${cpuFeatures()?.join(', ') ?? 'extensions unknown'})`,
    `${memory} GiB`,
    `${os.type()} ${os.release()} ${os.arch()}${isVirtual() ? ', a virtual machine' : ''}`,
    `Node ${process.versions.node}`,
  ].join('; ');
}

function isVirtual(): boolean {
  try {
    return /^flags.*\bhypervisor\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}

/** The share of the cores' time that others take now, from 0 to 1. */
export async function shareBusy(milliseconds = 2000): Promise<number> {
  const before = coreTimes();
  await pause(milliseconds);
  const after = coreTimes();
  return (after.busy - before.busy) / (after.all - before.all);
}

function coreTimes(): { busy: number; all: number } {
  const times = os.cpus().map((cpu) => cpu.times);
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { busy: all - times.reduce((sum, { idle }) => sum + idle, 0), all };
}
