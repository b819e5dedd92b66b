import type { SetupProgress } from '../runtime/setup.js';
import type { Output } from './output.js';

const titles: Record<SetupProgress['phase'], string> = {
  wait: 'Waiting for another process that installs it',
  download: 'Downloading TensorFlow',
  verify: 'Checking its sha256',
  unpack: 'Unpacking the libraries',
  try: 'Trying them in a process of their own',
};

const barWidth = 24;
const redrawMs = 100;
/** Of a terminal that does not say how wide it is. */
const defaultColumns = 80;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

function bar(done: number): string {
  const filled = Math.round(done * barWidth);
  return `[${'='.repeat(filled)}${' '.repeat(barWidth - filled)}] ${`${Math.floor(done * 100)}`.padStart(3)} %`;
}

/**
 * Shows how far setup is, on stderr: in a terminal one line that is redrawn, elsewhere one line for each phase.
 *
 * @returns what setup reports to, and what clears the line at the end
 */
export function setupProgress(output: Output): {
  onProgress: (progress: SetupProgress) => void;
  end: () => void;
} {
  const { stderr } = process;
  const isLive = stderr.isTTY === true && !output.isQuiet;
  const said = new Set<string>();
  let drawnAt = 0;
  let drawnPhase = '';
  return {
    onProgress({ phase, bytes, total }) {
      if (!isLive) {
        if (said.has(phase)) return;
        said.add(phase);
        output.info(titles[phase] + (phase === 'download' && total > 0 ? ` (${megabytes(total)})` : ''));
        return;
      }
      const now = performance.now();
      if (phase === drawnPhase && now - drawnAt < redrawMs && bytes < total) return;
      drawnAt = now;
      drawnPhase = phase;
      const amount = total > 0 ? `  ${bar(bytes / total)}  ${megabytes(bytes)} of ${megabytes(total)}` : '';
      stderr.write(`\r\x1b[K${(titles[phase] + amount).slice(0, (stderr.columns || defaultColumns) - 1)}`);
    },
    end() {
      if (isLive && drawnPhase !== '') stderr.write('\r\x1b[K');
    },
  };
}
