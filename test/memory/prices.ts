import type { Fact } from '../../gateway/ports/books.ts'
import type { Teller } from './teller.ts'

const CODES = ['BTC', 'ETH', 'EUR', 'USDC']

/** Sets of prices without end, and coins of one dollar that are none for a while. */
export function* prices(t: Teller): Generator<Fact[], never> {
  const broken = new Set<string>()
  for (;;) {
    const coin = t.dice.pick(['USDC', 'EURC'])
    if (t.dice.percent(60)) yield [t.fact('rates.used', t.id('rt_'), { prices: priced(t) })]
    else if (broken.delete(coin)) yield [t.fact('rates.mended', coin, { value: '999/1000' })]
    else {
      broken.add(coin)
      yield [t.fact('rates.broken', coin, { value: `${900 + t.dice.below(80)}/1000` })]
    }
  }
}

function priced(t: Teller) {
  const codes = CODES.filter(() => t.dice.percent(80))
  return Object.fromEntries(
    codes.map((code) => {
      const [bid, ask] = [1 + t.dice.below(90_000), 100_000].map((part) => `${part}/7`) as [string, string]
      const observedAt = 1_800_000_000_000 + t.dice.below(1_000)
      return [code, { value: bid, bid, ask, observedAt, sources: [{ source: 'kraken', bid, ask, heardAt: observedAt, verdict: 'used' }] }]
    }),
  )
}
