import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { CommanderError } from 'commander'
import { addDoctor } from './words/doctor.ts'
import { addGateway } from './words/gateway.ts'
import { addInit } from './words/init.ts'
import { addInvoice } from './words/invoice.ts'
import { addLedger } from './words/ledger.ts'
import { addLightning } from './words/lightning.ts'
import { addPayouts } from './words/payouts.ts'
import { addProxy } from './words/proxy.ts'
import { addReceipt } from './words/receipt.ts'
import { addSuspense } from './words/suspense.ts'
import { type AddVerb, emptyProgram, explain, type Program } from './words/tree.ts'
import { addVerify } from './words/verify.ts'
import { WrongWords } from './wrongWords.ts'

/** `name`: as it is typed. `first`: verbs that stand before those of every gateway. */
export type Named = Readonly<{ name: string; first?: readonly AddVerb[] }>

const VERBS: readonly AddVerb[] = [
  addInit,
  addDoctor,
  addGateway,
  addProxy,
  addVerify,
  addReceipt,
  addLedger,
  addInvoice,
  addLightning,
  addPayouts,
  addSuspense,
]
/** What commander throws when it has printed what it was asked for. */
const PRINTED = ['commander.helpDisplayed', 'commander.version']

/** All that can be typed. `done` is told the exit code of the verb that ran. */
export function newProgram({ name, first = [] }: Named, done: (code: number) => void): Program {
  const program = emptyProgram(name)
    .description('A payment gateway that moves a cent as cheaply as a dollar.')
    .version(version(), '-V, --version', 'the version of this package')
  for (const add of [...first, ...VERBS])
    add(
      program,
      (work) =>
        async (...given) =>
          done(await work(...given)),
    )
  explain(program, { examples: first.length > 0 ? ['dev', 'ledger balances'] : ['gateway --config switchyard.json', 'verify --help'] })
  return program
}

/** Runs what the words say and answers with the exit code. Throws `WrongWords` for those that it does not understand. */
export async function runWords(words: readonly string[], named: Named): Promise<number> {
  let code = 0
  const program = newProgram(named, (ended) => {
    code = ended
  })
  await addComplete(program, words)
  try {
    await program.parseAsync([...words], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof WrongWords) throw new WrongWords(error.message, verbsOf(program, words))
    if (!(error instanceof CommanderError)) throw error
    if (PRINTED.includes(error.code)) return 0
    // A verb that needs another word has printed its help.
    if (error.code === 'commander.help') return 2
    throw new WrongWords(wordsOf(error.message), verbsOf(program, words))
  }
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

function version(): string {
  const { version: written } = JSON.parse(readFileSync(findPackageJSON(import.meta.url)!, 'utf8')) as { version: string } // npm's own format.
  return written
}
