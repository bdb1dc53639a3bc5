import type { Command, Option } from 'commander';
import { code, generatedNote, page, table } from './markdown.js';

/** docs/cli.md: every command with its arguments and options. */
export function cliPage(program: Command): string {
  const commands = program.commands.flatMap((command) => withSubcommands(command, program.name()));
  return page(
    '# The `attune` command',
    generatedNote,
    `${program.description()}. Run it as \`npx attune\` in the project's folder, after \`npm run build\` or \`npm start\`.`,
    ...commands.map(commandPart),
  );
}

interface Named {
  readonly name: string;
  readonly command: Command;
}

function withSubcommands(command: Command, parent: string): Named[] {
  const name = `${parent} ${command.name()}`;
  return [{ name, command }, ...command.commands.flatMap((one) => withSubcommands(one, name))];
}

function commandPart({ name, command }: Named): string {
  const help = command.createHelp();
  const rows = [
    ...help.visibleArguments(command).map((one) => [code(one.name()), one.description]),
    ...command.options.filter(({ hidden }) => !hidden).map((one) => [code(one.flags), optionWords(one)]),
  ];
  const parts = [`## ${name}`, sentence(command.description()), code(help.commandUsage(command))];
  return [...parts, ...(rows.length > 0 ? [table(['argument or option', 'meaning'], rows)] : [])].join('\n\n');
}

function optionWords({ description, defaultValue }: Option): string {
  return defaultValue === undefined || defaultValue === false
    ? description
    : `${description} (${String(defaultValue)})`;
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return first.endsWith('.') ? first : `${first}.`;
}
