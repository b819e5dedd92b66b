import { Command as Commander, Option as CommanderOption } from 'commander';
import type { Command } from './command.js';
import type { ExitCode } from './exit-codes.js';
import { flagOf, type Option } from './option.js';
import { Output } from './output.js';

/**
 * Commander's parser for a table of commands. It throws CommanderError for what it finds wrong itself (after writing
 * a message to stderr) and for help and version texts.
 *
 * @param finish is told what a command returned
 */
export function programOf(
  commands: readonly Command[],
  version: string,
  finish: (code: ExitCode) => void,
): Commander {
  const program = new Commander('cnn')
    .description('Deep learning for Node.js: train and score digit classifiers and your own models.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .exitOverride()
    .configureOutput({ outputError: (message, write) => write(message) })
    .addHelpText('after', '\nHelp for one command: cnn train --help');
  for (const command of commands) addCommand(program, command, finish);
  return program;
}

function addCommand(program: Commander, command: Command, finish: (code: ExitCode) => void): void {
  const { name, summary, operand, options, examples } = command;
  const sub = program.command(name).description(sentence(summary)).summary(summary);
  if (operand !== undefined) {
    const dots = operand.list === undefined ? '' : '...';
    const argument = `${operand.name}${dots}`;
    sub.argument(operand.list === 'some' ? `<${argument}>` : `[${argument}]`, operand.description);
  }
  for (const [key, option] of Object.entries(options)) sub.addOption(commanderOption(key, option));
  sub.addHelpText('after', `\nExamples:\n${columns(examples)}`);
  sub.action(async (...args: unknown[]) => {
    const parsed = sub.opts<Record<string, unknown>>();
    const values = Object.fromEntries(
      Object.entries(options).map(([key, option]) => [key, parsed[key] ?? option.default]),
    );
    const output = new Output(values);
    const library = command.computes ? (await import('../runtime/preload.js')).preload() : undefined;
    const run = await command.load();
    await library;
    const given = operand === undefined || args[0] === undefined ? [] : [args[0] as string | string[]].flat();
    finish(await run(values, output, given[0], given));
  });
}

/** Defaults stay out of Commander, which would repeat those that are plain. */
function commanderOption(key: string, option: Option<unknown>): CommanderOption {
  const flag = flagOf(key, option);
  const { placeholder, description, group, parse, preset, conflicts } = option;
  const absent = option.absent ?? (typeof option.default === 'boolean' ? undefined : option.default);
  const shown = absent === undefined ? description : `${description} (default: ${absent})`;
  const value = preset === undefined ? ` <${placeholder}>` : ` [${placeholder}]`;
  const made = new CommanderOption(placeholder === undefined ? flag : `${flag}${value}`, shown);
  if (preset !== undefined) made.preset(preset);
  if (conflicts !== undefined) made.conflicts([...conflicts]);
  if (parse !== undefined) made.argParser((typed) => parse(typed, flag));
  return group === undefined ? made : made.helpGroup(group);
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
