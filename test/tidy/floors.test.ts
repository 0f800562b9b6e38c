import { describe, expect, test } from 'vitest'
import { adaptersKnowOnlyPorts, gatewayKnowsNoOutside, importsGoDown, nobodyImportsMain, programImportsNoTests } from './floors.ts'
import type { Rule } from './source.ts'

const plant = (rule: Rule, from: string, to: string): string[] =>
  rule([{ path: from, text: `import '${'../'.repeat(from.split('/').length - 1)}${to}'` }])

const planted: [string, Rule, from: string, to: string][] = [
  ['an import of a floor above', importsGoDown, 'gateway/money/a.ts', 'gateway/ports/b.ts'],
  ['a room that stands on no floor', importsGoDown, 'gateway/attic/a.ts', 'gateway/money/b.ts'],
  ['an adapter that knows the domain', adaptersKnowOnlyPorts, 'adapters/evm/rail.ts', 'gateway/split/a.ts'],
  ['an adapter that knows another', adaptersKnowOnlyPorts, 'adapters/evm/rail.ts', 'adapters/bank/wire.ts'],
  ['an adapter that knows its sibling', adaptersKnowOnlyPorts, 'adapters/lightning/lnd/rail.ts', 'adapters/lightning/embedded/wire.ts'],
  ['a domain file that knows an adapter', gatewayKnowsNoOutside, 'gateway/payouts/payout/a.ts', 'adapters/evm/rail.ts'],
  ['a verb other than dev that knows the world', gatewayKnowsNoOutside, 'gateway/cli/demo.ts', 'world/bank/bank.ts'],
  ['an adapter that knows the world', gatewayKnowsNoOutside, 'adapters/evm/rail.ts', 'world/chain/chain.ts'],
  ['a main that knows the world', gatewayKnowsNoOutside, 'gateway/main.ts', 'world/chain/chain.ts'],
  ['a domain file that knows a contract', gatewayKnowsNoOutside, 'gateway/split/a.ts', 'contracts/abi/hub.ts'],
  ['a route that knows main', nobodyImportsMain, 'gateway/api/routes/a.ts', 'gateway/main.ts'],
  ['a world that knows main', nobodyImportsMain, 'world/customers/a.ts', 'gateway/main/start.ts'],
  ['a program that needs a test', programImportsNoTests, 'gateway/ledger/a.ts', 'test/behavior/a.ts'],
]

describe('each of these is reported, with the file and what it imports', () => {
  test.each(planted)('%s', (_, rule, from, to) => {
    const [message, ...more] = plant(rule, from, to)
    expect(message).toContain(from)
    expect(more).toEqual([])
  })
})

const allowed: [string, Rule, from: string, to: string][] = [
  ['a step down', importsGoDown, 'gateway/payins/intent/a.ts', 'gateway/ledger/books/b.ts'],
  ['a neighbour on the same floor', importsGoDown, 'gateway/payins/proof/a.ts', 'gateway/payouts/payout/b.ts'],
  ['a test that looks up', importsGoDown, 'gateway/money/a.test.ts', 'gateway/ledger/books/b.ts'],
  ['a part of the same adapter', adaptersKnowOnlyPorts, 'adapters/lightning/embedded/a.ts', 'adapters/lightning/embedded/pump/b.ts'],
  ['a file of the family', adaptersKnowOnlyPorts, 'adapters/lightning/embedded/a.ts', 'adapters/lightning/bolt11.ts'],
  ['the generated ABI', adaptersKnowOnlyPorts, 'adapters/evm/rail.ts', 'contracts/abi/hub.ts'],
  ['main that knows adapters', gatewayKnowsNoOutside, 'gateway/main.ts', 'adapters/evm/rail.ts'],
  ['dev that knows the world', gatewayKnowsNoOutside, 'gateway/cli/dev.ts', 'world/chain/chain.ts'],
  ['a verb that knows main', nobodyImportsMain, 'gateway/cli/serve.ts', 'gateway/main.ts'],
]

test.each(allowed)('%s is allowed', (_, rule, from, to) => {
  expect(plant(rule, from, to)).toEqual([])
})
