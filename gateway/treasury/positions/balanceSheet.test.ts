import { expect, test } from 'vitest'
import { configuredRates } from '../../../adapters/rates/configuredRates.ts'
import { BTC, USD } from '../../money/asset.ts'
import type { GroupTotals } from '../../ports/readModel.ts'
import { balanceSheet } from './balanceSheet.ts'
import { sideOf } from './sideOf.ts'

const EUR = { id: 'EUR', code: 'EUR', scale: 6, ledger: 978 }
const rates = configuredRates([{ asset: BTC, usd: '100000' }], { now: () => 0 })

/** `balance`: credits less debits. */
function total(group: string, asset: GroupTotals['asset'], balance: bigint): GroupTotals {
  const [debits, credits] = balance < 0n ? [-balance, 0n] : [0n, balance]
  return { group, asset, debits, credits }
}

test('what is held is what is owed and what is own, in units and in dollars, whatever the prices', () => {
  const groups = [
    total('rail:lightning:node', BTC, -300_000_001n),
    total('party', BTC, 100_000_000n),
    total('fx:BTC/USD', BTC, 200_000_001n),
    total('rail:bank:account', USD, -7_000_000n),
    total('party', USD, 5_000_000n),
    total('fee:earned', USD, 3_000_000n),
    total('fee:paid:bank', USD, -1_000_000n),
    total('ceiling', USD, 9n),
    total('capital:agents', USD, -9n),
  ]
  const sheet = balanceSheet(groups, { rates, currency: USD })
  expect(sheet.assets.map(({ asset, sides, isWhole }) => [asset.code, sides, isWhole])).toEqual([
    ['USD', { held: 7_000_000n, owed: 5_000_000n, own: 2_000_000n }, true],
    ['BTC', { held: 300_000_001n, owed: 100_000_000n, own: 200_000_001n }, true],
  ])
  // 0.003 BTC and a millisatoshi are 300 dollars, which are less than the units say by a part that nobody can be paid.
  expect(sheet.value).toEqual({ held: 307_000_001n, owed: 105_000_000n, own: 202_000_001n })
  expect(sheet.unpriced).toEqual([])
})

test('a unit that is nowhere, or a limit that was counted once, is a break', () => {
  const whole = [total('rail:bank:account', USD, -7n), total('party', USD, 7n)]
  const isWhole = (groups: readonly GroupTotals[]) => balanceSheet(groups, { rates, currency: USD }).assets[0]!.isWhole
  expect(isWhole(whole)).toBe(true)
  expect(isWhole([...whole, total('surplus', USD, 1n)])).toBe(false)
  expect(isWhole([...whole, total('ceiling', USD, 1n)])).toBe(false)
})

test('an asset without a rate is named, and left out of the sums; one that has nothing is not missed', () => {
  const groups = [
    total('rail:bank:account', EUR, -7n),
    total('party', EUR, 7n),
    total('rail:bank:account', USD, -1n),
    total('fx:EUR/USD', USD, 1n),
  ]
  const sheet = balanceSheet(groups, { rates, currency: USD })
  expect([sheet.unpriced, sheet.value]).toEqual([[EUR], { held: 1n, owed: 0n, own: 1n }])
  expect(balanceSheet([total('party', EUR, 0n)], { rates, currency: USD }).unpriced).toEqual([])
})

test('what nobody has said the side of is owed to somebody', () => {
  expect(sideOf('something:new')).toBe('owed')
  expect(sideOf('capital:lost:exchange')).toBe('own')
})
