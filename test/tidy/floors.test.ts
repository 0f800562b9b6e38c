import { describe, expect, test } from 'vitest'
import {
  adaptersKnowOnlyPorts,
  FLOORS,
  gatewayKnowsNoOutside,
  importsGoDown,
  importsGoDownInWings,
  programImportsNoTests,
  topGoesDown,
  worldStaysOutside,
} from './floors.ts'
import type { Rule } from './source.ts'

const plant = (rule: Rule, from: string, to: string): string[] =>
  rule([{ path: from, text: `import '${'../'.repeat(from.split('/').length - 1)}${to}'` }])

const planted: [string, Rule, from: string, to: string][] = [
  ['an import of a floor above', importsGoDown, 'gateway/money/a.ts', 'gateway/ports/b.ts'],
  ['a room that stands on no floor', importsGoDown, 'gateway/attic/a.ts', 'gateway/money/b.ts'],
  ['an adapter that knows the domain', adaptersKnowOnlyPorts, 'adapters/evm/rail.ts', 'gateway/split/a.ts'],
  ['an adapter that knows another', adaptersKnowOnlyPorts, 'adapters/evm/rail.ts', 'adapters/bank/wire.ts'],
  ['an adapter that knows its sibling', adaptersKnowOnlyPorts, 'adapters/lightning/lnd/rail.ts', 'adapters/lightning/embedded/ldk/wire.ts'],
  ['a domain file that knows an adapter', gatewayKnowsNoOutside, 'gateway/payouts/payout/a.ts', 'adapters/evm/rail.ts'],
  ['an adapter that knows the world', topGoesDown, 'adapters/evm/rail.ts', 'world/chain/chain.ts'],
  ['a world that knows who starts it', topGoesDown, 'world/customers/a.ts', 'app/cli/verify.ts'],
  ['a domain file that knows who puts it together', importsGoDown, 'gateway/payouts/payout/a.ts', 'app/open/openRails.ts'],
  ['a domain file that knows a contract', gatewayKnowsNoOutside, 'gateway/split/a.ts', 'contracts/abi/hub.ts'],
  ['a world that knows the domain', worldStaysOutside, 'world/bank/a.ts', 'gateway/payouts/payout/a.ts'],
  ['a room that knows one above it in its wing', importsGoDownInWings, 'gateway/payouts/router/a.ts', 'gateway/payouts/payout/b.ts'],
  ['a room that its wing does not name', importsGoDownInWings, 'gateway/payouts/attic/a.ts', 'gateway/payouts/router/b.ts'],
  ['a room that knows the opener of its wing', importsGoDownInWings, 'gateway/payins/claim/a.ts', 'gateway/payins/openPayins.ts'],
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
  ['what puts the house together and knows adapters', gatewayKnowsNoOutside, 'app/openGateway.ts', 'adapters/evm/rail.ts'],
  ['a verb that starts the world', topGoesDown, 'app/cli/dev.ts', 'world/chain/chain.ts'],
  ['a world that runs a node with parts of an adapter', worldStaysOutside, 'world/bank/a.ts', 'adapters/bank/wire.ts'],
  ['a customer who pays with the client', worldStaysOutside, 'world/customers/a.ts', 'gateway/client/payer.ts'],
  ['an opener that knows its rooms', importsGoDownInWings, 'gateway/payins/openPayins.ts', 'gateway/payins/claim/a.ts'],
]

test.each(allowed)('%s is allowed', (_, rule, from, to) => {
  expect(plant(rule, from, to)).toEqual([])
})

test('the house has ten floors at most', () => {
  expect(FLOORS.length).toBeLessThanOrEqual(10)
})
