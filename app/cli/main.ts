#!/usr/bin/env node
import { isGatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Verb } from './verb.ts'

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

async function main(): Promise<number> {
  const [name = '--help', ...args] = process.argv.slice(2)
  const load = verbs[name]
  if (!load) {
    console.log('switchyard: a payment gateway that moves a cent as cheaply as a dollar\n')
    for (const [verbName, get] of Object.entries(verbs)) console.log(`  switchyard ${verbName.padEnd(9)} ${(await get()).verb.usage}`)
    console.log('\nExit codes: 0 done, 1 refused or not in order, 2 wrong words.')
    return name === '--help' || name === 'help' ? 0 : 2
  }
  return (await load()).verb.run(args)
}

try {
  const code = await main()
  if (code !== 0) process.exitCode = code
} catch (error) {
  console.error(isGatewayError(error) ? `switchyard: ${error.message}` : error)
  // Rails that are open already would keep a process alive that can not serve.
  process.exit(1)
}
