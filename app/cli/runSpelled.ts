import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { CommanderError } from 'commander'
import { packageVersion } from './packageVersion.ts'
import { type AddVerb, emptyProgram, explain, type Program } from './words/tree.ts'
import { WrongWords } from './wrongWords.ts'

/** What a command is called, what it is for, and the verbs that it has. */
export type Spelling = Readonly<{ name: string; description: string; verbs: readonly AddVerb[]; examples: readonly string[] }>

/** A command that can be started: its name, and what runs its words and answers with the exit code. */
export type Command = Readonly<{ name: string; run: (words: readonly string[]) => Promise<number> }>

/** What commander throws when it has printed what it was asked for. */
const PRINTED = ['commander.helpDisplayed', 'commander.version']

/** All that can be typed. `done` is told the exit code of the verb that ran. */
export function spelledOut({ name, description, verbs, examples }: Spelling, done: (code: number) => void): Program {
  const program = emptyProgram(name).description(description).version(packageVersion(), '-V, --version', 'the version of this package')
  for (const add of verbs)
    add(
      program,
      (work) =>
        async (...given) =>
          done(await work(...given)),
    )
  explain(program, { examples })
  return program
}

/** Runs what the words say and answers with the exit code. Throws `WrongWords` for those that it does not understand. */
export async function runSpelled(words: readonly string[], spelling: Spelling): Promise<number> {
  let code = 0
  const program = spelledOut(spelling, (ended) => {
    code = ended
  })
  await addComplete(program, words)
  try {
    await program.parseAsync([...words], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof WrongWords) throw new WrongWords(error.message, verbsOf(program, words))
    if (!(error instanceof CommanderError)) throw error
    const { message } = unknownOption(program, words, error) ?? error
    if (PRINTED.includes(error.code)) return 0
    // A verb that needs another word has printed its help.
    if (error.code === 'commander.help') return 2
    throw new WrongWords(wordsOf(message), verbsOf(program, words))
  }
}

/** An option that there is not is told before one that is missing: `--hlep` was to say which are needed. */
function unknownOption(program: CommandUnknownOpts, words: readonly string[], { code }: CommanderError): CommanderError | undefined {
  if (code !== 'commander.missingMandatoryOptionValue') return undefined
  const verbs = verbsOf(program, words)
  const command = verbs.reduce<CommandUnknownOpts>((at, verb) => at.commands.find((one) => one.name() === verb)!, program)
  try {
    // With nothing required of it the same command finds what else is wrong.
    for (const option of command.options) option.makeOptionMandatory(false)
    command.action(() => undefined).parse(words.slice(verbs.length), { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError && error.code === 'commander.unknownOption') return error
  }
  return undefined
}

/** `complete SHELL` prints what a shell is told once, and `complete -- WORDS` what the shell then asks for. Its package is read for that alone. */
async function addComplete(program: Program, words: readonly string[]): Promise<void> {
  if (words[0] !== 'complete') program.command('complete').summary('let a shell complete words: bash, zsh, fish').argument('<shell>')
  else (await import('@bomb.sh/tab/commander')).default(program as never) // The same class, of which it knows the untyped side.
}

/** The verbs among the words, as far as there are such. */
function verbsOf({ commands }: CommandUnknownOpts, [word, ...more]: readonly string[]): string[] {
  const found = commands.find((command) => command.name() === word)
  return found ? [found.name(), ...verbsOf(found, more)] : []
}

/** What commander says in one line: "error: unknown command 'verfy'\n(Did you mean verify?)", "error: required option '--to <id>' not specified". */
function wordsOf(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/\n\((Did.*)\)$/s, '; $1')
    .replace(/^required option '(--\S+).*' not specified$/, '$1 is missing')
}
