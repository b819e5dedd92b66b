#!/usr/bin/env node
import { CommanderError } from 'commander';
import { commands } from './commands.js';
import { exitCodeOf, exitCodes } from './exit-codes.js';
import { Output } from './output.js';
import { programOf } from './program.js';
import { packageVersion } from './version.js';

// Who reads our stdout may leave, as `head` does; what is then written is for nobody.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.failed);
});

try {
  await programOf(commands, packageVersion(), (code) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  const output = new Output({ json: process.argv.includes('--json') });
  if (!(error instanceof CommanderError)) {
    process.exitCode = exitCodeOf(error);
    output.error(error, process.exitCode);
  } else if (error.exitCode === 0) {
    // Help and version texts end this way too.
    process.exitCode = exitCodes.done;
  } else {
    process.exitCode = exitCodes.usage;
    output.usageError(error.message, exitCodes.usage);
  }
}
