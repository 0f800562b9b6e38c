import { BTC } from '../../gateway/money/asset.ts'
import type { Fact } from '../../gateway/ports/books.ts'
import { moneyOf, type Teller, USDC } from './teller.ts'

/** Quotes without end, a step at a time: made, and used, expired or left open for a while. None has a payout. */
export function* quotes(t: Teller, parties: readonly string[]): Generator<Fact[], never> {
  let open: string[] = []
  for (;;) {
    // Seldom: each is two events, and tests read all of them.
    if (t.dice.percent(80)) {
      yield []
      continue
    }
    const id = t.id('qt_')
    yield [t.fact('quote.created', id, dataOf(t.dice.pick(parties)))]
    open = [...open, id]
    if (t.dice.percent(30)) continue
    const [ended, ...rest] = open as [string, ...string[]] // The new one at least.
    open = rest
    yield [t.dice.percent(50) ? t.fact('quote.used', ended, { payout: t.id('po_') }) : t.fact('quote.expired', ended)]
  }
}

function dataOf(party: string) {
  const sums = { amount: moneyOf(USDC, 9_300), fee: moneyOf(USDC, 700), receive: moneyOf(BTC, 9_289), spread: moneyOf(USDC, 11) }
  const costs = { railCost: moneyOf(USDC, 700), gas: moneyOf(USDC, 0), costNano: '700000', worthNano: '9300000', spreadPpm: '1249' }
  const rate = { from: USDC.id, to: BTC.id, num: '1', den: '1', observedAt: 1_800_000_000_000, source: 'test' }
  const way = { rail: 'lightning', destination: 0 }
  const times = { expiresAt: 1_800_000_120_000, sendBy: 1_800_000_420_000 }
  const about = { party, side: 'send', feeBearer: 'payee', createdBy: party, destinations: [{ kind: 'party', party }] }
  return { ...about, ...sums, ...costs, rate, ...way, ways: [{ ...way, costNano: '700000', rank: 1 }], ...times }
}
