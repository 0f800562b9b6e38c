import { expect, test } from 'vitest'
import { BTC, erc20Asset } from '../money/asset.ts'
import { formatAmount, type Money, money } from '../money/money.ts'
import type { PayoutView } from '../payouts/payoutState/view.ts'
import { feeLeft } from './feeAllowance.ts'

const USDC = erc20Asset({ chainId: 8453, address: `0x${'11'.repeat(20)}`, code: 'USDC', scale: 6, ledger: 100 })

type Ended = Readonly<{ fee?: Money; reason?: string }>
const endedAs = ({ fee, reason }: Ended) =>
  ({
    ...(fee && { fee: { amount: formatAmount(fee), asset: fee.asset.id, code: fee.asset.code } }),
    attempts: reason === undefined ? [] : [{ reason }],
  }) as unknown as PayoutView // As much of one as is looked at.
const left = (amount: Money, total: Money, ...tries: Ended[]) => feeLeft(amount, total, tries.map(endedAs))

test.each([
  [1n, 0n],
  [3_000n, 1_500n],
  [4_000n, 2_000n],
  [200_000n, 2_000n],
  [200_100n, 2_001n],
])('of %i msat that go back, %i may go for fees', (paid, fees) => {
  expect(left(money(BTC, paid), money(BTC, paid))).toBe(fees)
})

test('what a Lightning payment cost is gone for the next ones, and never more than there was', () => {
  const paid = money(BTC, 20_000n)
  const [some, much] = [{ fee: money(BTC, 700n) }, { fee: money(BTC, 5_000n) }]
  expect([left(paid, paid, { reason: 'no_route' }), left(paid, paid, some, some), left(paid, paid, some, much)]).toEqual([2_000n, 600n, 0n])
})

test('on a chain each part may cost half of itself, whatever those before cost, until one reverts', () => {
  const [part, all] = [money(USDC, 2_001n), money(USDC, 10_000n)]
  expect([left(part, all), left(part, all, { fee: money(BTC, 1n) }), left(part, all, { reason: 'reverted' })]).toEqual([1_000n, 1_000n, 0n])
})
