import { CommanderError } from 'commander'
import { packageVersion } from './packageVersion.ts'
import { tell } from './trouble.ts'
import { addMcp } from './words/mcp.ts'
import { type AddVerb, emptyProgram, explain } from './words/tree.ts'
import { WrongWords } from './wrongWords.ts'

const NAME = 'switchyard-client'
/** The verbs of who pays. They reach nothing of a gateway, and run under Node 20. */
const VERBS: readonly AddVerb[] = [addMcp]
/** What commander throws when it has printed what it was asked for. */
const PRINTED = ['commander.helpDisplayed', 'commander.version']

/** Runs the payer's command of this process. */
export async function startClient(words: readonly string[] = process.argv.slice(2)): Promise<void> {
  const program = emptyProgram(NAME)
    .description('Pays for web requests that answer 402, within a budget.')
    .version(packageVersion(), '-V, --version', 'the version of this package')
  for (const add of VERBS)
    add(program, (work) => async (...given) => {
      process.exitCode = await work(...given)
    })
  explain(program, { examples: ['mcp --config agent.json'] })
  try {
    await program.parseAsync([...words], { from: 'user' })
  } catch (error) {
    process.exitCode = ended(error, words)
  }
}

function ended(error: unknown, words: readonly string[]): number {
  if (!(error instanceof CommanderError)) return tell(error, words, NAME)
  if (PRINTED.includes(error.code)) return 0
  if (error.code === 'commander.help') return 2
  return tell(new WrongWords(error.message.replace(/^error: /, '').replaceAll('\n', ' ')), words, NAME)
}
