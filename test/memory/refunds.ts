import { BTC } from '../../gateway/money/asset.ts'
import type { Fact } from '../../gateway/ports/books.ts'
import type { Teller } from './teller.ts'

const OPEN_MAX = 12

/** Refunds without end, a step at a time: given, perhaps sent, mostly ended, some of which come back. Their payouts are told by nobody. */
export function* refunds(t: Teller, sellers: readonly string[]): Generator<Fact[], never> {
  const open: string[] = []
  for (;;) {
    const ending = open.length >= OPEN_MAX || (open.length > 0 && t.dice.percent(50))
    if (ending) {
      const id = open.splice(t.dice.below(open.length), 1)[0]!
      const request = t.id('rc_')
      if (t.dice.percent(60)) yield [t.fact('refund.sent', id, { request, try: t.id('po_'), to: { kind: 'evm_address', address: '0x1' } })]
      const outcome = t.dice.pick(['succeeded', 'failed', 'expired', 'canceled'] as const)
      yield [t.fact('refund.ended', id, { request, outcome, returned: outcome === 'succeeded' ? '0' : '900', by: 'gateway' })]
    } else yield [given(t, { open, seller: t.dice.pick(sellers) })]
  }
}

type Told = Readonly<{ open: string[]; seller: string }>

function given(t: Teller, { open, seller }: Told): Fact {
  const id = t.id('rf_')
  open.push(id)
  const isIntent = t.dice.percent(30)
  const receipt = t.id('rc_')
  const request = isIntent ? t.id('pi_') : receipt
  return t.fact('refund.created', id, {
    request,
    receipt,
    place: 0,
    rail: 'lightning',
    payee: seller,
    parties: [seller],
    asset: BTC.id,
    units: '1000',
    over: '100',
    paid: '2000',
    refunded: '900',
    left: '1100',
    sources: [{ from: `party:${seller}`, asset: BTC.id, units: '900', share: '900' }],
    way: { kind: 'link' },
    entry: t.id('en_'),
    expiresAt: 1_900_000_000_000,
    reason: '',
    by: 'operator',
    metadata: {},
  })
}
