import { styleText } from 'node:util'
import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import { COLUMNS, filled } from '../filled.ts'

/** Wraps a verb's work, so that its exit code is the command's. */
export type Ends = <A extends unknown[]>(work: (...words: A) => number | Promise<number>) => (...words: A) => Promise<void>
export type Program = Command
export type AddVerb = (program: Program, ends: Ends) => void

export const urlOption = new Option('--url <url>', 'the gateway; without it the local network’s')
export const keyOption = new Option('--key <key>', 'the API key to ask it with; needed with --url')
export const jsonOption = new Option('--json', 'print JSON, for programs')
export const idOption = new Option('--id <key>', 'idempotency key of an earlier try, to repeat it safely')

const EXITS: Readonly<Record<number, string>> = { 0: 'done', 1: 'refused; the message says why', 2: 'wrong words; nothing was done' }

/** Adds to the help of a verb what commander does not say: examples, written without the command's name, and what each exit code means. */
export function explain(
  command: CommandUnknownOpts,
  {
    notes = [],
    examples,
    exits = {},
  }: { notes?: readonly string[]; examples: readonly string[]; exits?: Readonly<Record<number, string>> },
): void {
  command.addHelpText('after', () =>
    [
      ...(notes.length > 0 ? ['', ...notes.map((note) => filled(note))] : []),
      '',
      title('Examples:'),
      ...examples.map((example) => `  ${rootOf(command).name()} ${example}`),
      '',
      title('Exit codes:'),
      ...Object.entries({ ...EXITS, ...exits }).map(([code, meaning]) => filled(meaning, `${code.padStart(4)}  `)),
    ].join('\n'),
  )
}

/** An empty command: it throws instead of ending the process, and its help has the same shape in every verb. */
export function emptyProgram(name: string): Program {
  return new Command(name)
    .exitOverride()
    .configureOutput({ outputError: () => undefined, getOutHelpWidth: () => COLUMNS, getErrHelpWidth: () => COLUMNS })
    .configureHelp({ styleTitle: title })
    .helpOption('-h, --help', 'what to type')
}

/** The command's name as it was called, for what it tells people to type next. */
export function nameOf(command: CommandUnknownOpts): string {
  return rootOf(command).name()
}

function rootOf(command: CommandUnknownOpts): CommandUnknownOpts {
  return command.parent ? rootOf(command.parent) : command
}

function title(text: string): string {
  return styleText('bold', text)
}
