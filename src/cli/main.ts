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
  if (error instanceof CommanderError) {
    // Help and version texts end this way too, with 0. Commander has written its message.
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  } else {
    process.exitCode = exitCodeOf(error);
    new Output({ json: process.argv.includes('--json') }).error(error, process.exitCode);
  }
}
