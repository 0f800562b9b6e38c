#!/usr/bin/env node
import { isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { helpText } from './help.ts'
import { type Verb, WrongWords } from './verb.ts'

const verbs: Record<string, () => Promise<{ verb: Verb }>> = {
  dev: () => import('./dev.ts'),
  gateway: () => import('./gateway.ts'),
  verify: () => import('./verify.ts'),
  receipt: () => import('./receipt.ts'),
  ledger: () => import('./ledger.ts'),
  invoice: () => import('./invoice.ts'),
  lightning: () => import('./lightning.ts'),
  payouts: () => import('./payouts.ts'),
  suspense: () => import('./suspense.ts'),
}

const [name = '--help', ...args] = process.argv.slice(2)

async function main(): Promise<number> {
  const load = verbs[name]
  if (!load) {
    console.log('switchyard: a payment gateway that moves a cent as cheaply as a dollar\n')
    for (const [verbName, get] of Object.entries(verbs)) console.log(`  switchyard ${verbName.padEnd(9)} ${(await get()).verb.usage}`)
    console.log('\nExit codes: 0 done, 1 refused or not in order, 2 wrong words; switchyard VERB --help tells a verb’s own.')
    return name === '--help' || name === 'help' ? 0 : 2
  }
  const { verb } = await load()
  if (!args.includes('--help') && !args.includes('-h')) return verb.run(args)
  console.log(helpText(name, verb))
  return 0
}

/** True for words that nobody could act on, ours and those of Node's own reader. */
function isWrongWords(error: unknown): error is Error {
  return error instanceof WrongWords || (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_'))
}

try {
  const code = await main()
  if (code !== 0) process.exitCode = code
} catch (error) {
  if (isWrongWords(error)) {
    console.error(`switchyard: ${error.message.split('. ')[0]}\n  switchyard ${name} --help says what there is`)
    process.exit(2)
  }
  console.error(isGatewayError(error) ? `switchyard: ${error.message}` : error)
  // Rails that are open already would keep a process alive that can not serve.
  process.exit(1)
}
