import { appendFile, readFile } from 'node:fs/promises';
import { CnnError } from '../errors.js';
import { checkKind, count, object } from '../json-kind.js';
import { makeFolderFor, replaceFile } from '../replace-file.js';
import { Callback, type Logs, type TrainingControl } from './callback.js';

/** What {@link CSVLogger} takes. */
export interface CSVLoggerOptions {
  /** The file; folders that lack are made. */
  filename: string;
  /** Default: `','`. */
  separator?: string;
  /** Whether rows are added to a file that is there already. Default: false, it is replaced. */
  append?: boolean;
}

/**
 * Writes the results of each epoch to a CSV file: a header `epoch,loss,accuracy,...`, then a row an epoch, numbered
 * from 0, with NA for what an epoch did not report. Each row is in the file before training goes on.
 *
 * @throws CnnError WRITE_FAILED with the file's name; when training begins FILE_UNREADABLE, and DATA_INVALID for a file
 *   to append to that has other columns
 * @example
 * await model.fit(train, { epochs: 10, callbacks: [callbacks.csvLogger({ filename: 'runs/history.csv' })] });
 */
export class CSVLogger extends Callback {
  static readonly className = 'CSVLogger';
  private readonly file: string;
  private readonly separator: string;
  private readonly append: boolean;
  private columns: readonly string[] = [];
  /** Number of rows in the file, without the header. */
  private rows = 0;
  private isRestored = false;

  constructor({ filename, separator = ',', append = false }: CSVLoggerOptions) {
    super();
    this.file = filename;
    this.separator = separator;
    this.append = append;
  }

  override async onTrainBegin({ results }: TrainingControl): Promise<void> {
    this.columns = Object.keys(results);
    const header = this.line(['epoch', ...this.columns]);
    const lines = this.append || this.isRestored ? await this.wholeLines() : [];
    if (lines.length > 0 && lines[0] !== header) {
      throw new CnnError('DATA_INVALID', `CSVLogger: ${this.file} has other columns`, {
        file: this.file,
        expected: header.trim(),
        received: lines[0]!.trim(),
        hint: 'Take another file, or do not append.',
      });
    }
    // A run that goes on writes the rows again that came after its checkpoint.
    const kept = lines.slice(1, this.isRestored ? this.rows + 1 : undefined);
    this.rows = kept.length;
    this.isRestored = false;
    await makeFolderFor(this.file);
    await replaceFile(this.file, [Buffer.from([header, ...kept].join(''))]);
  }

  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const row = this.line([String(epoch), ...this.columns.map((name) => String(logs[name] ?? 'NA'))]);
    try {
      await appendFile(this.file, row);
    } catch (cause) {
      throw this.failure('WRITE_FAILED', cause);
    }
    this.rows++;
  }

  override getState(): Record<string, unknown> {
    return { rows: this.rows };
  }

  override setState(state: Record<string, unknown>): void {
    this.rows = checkKind('the state of CSVLogger', state, object({ rows: count })).rows;
    this.isRestored = true;
  }

  /** The file's lines. A last one without its end was cut by a crash and is left out. */
  private async wholeLines(): Promise<string[]> {
    try {
      return (await readFile(this.file, 'utf8')).match(/.*\n/g) ?? [];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw this.failure('FILE_UNREADABLE', error);
    }
  }

  private line(cells: readonly string[]): string {
    const quoted = cells.map((cell) =>
      cell.includes(this.separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
    );
    return `${quoted.join(this.separator)}\n`;
  }

  private failure(code: 'WRITE_FAILED' | 'FILE_UNREADABLE', cause: unknown): CnnError {
    const verb = code === 'WRITE_FAILED' ? 'write' : 'read';
    const problem = `cannot ${verb} ${this.file} (${(cause as Error).message})`;
    return new CnnError(code, problem, { file: this.file, cause });
  }
}
