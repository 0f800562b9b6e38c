import { BTC } from '../../gateway/money/asset.ts'
import type { Fact } from '../../gateway/ports/books.ts'
import type { Teller } from './teller.ts'

const OPEN_MAX = 12

/** Disputes without end, a step at a time: opened, perhaps heard or left to an operator, and decided. */
export function* disputes(t: Teller, sellers: readonly string[]): Generator<Fact[], never> {
  const open: string[] = []
  for (;;) {
    const ending = open.length >= OPEN_MAX || (open.length > 0 && t.dice.percent(50))
    if (!ending) {
      yield [opened(t, { open, seller: t.dice.pick(sellers) })]
      continue
    }
    const id = open.splice(t.dice.below(open.length), 1)[0]!
    if (t.dice.percent(60)) {
      const references = [{ kind: 'log', value: 'line 7' }]
      yield [t.fact('dispute.evidence_submitted', id, { text: 'Ünal has it', references, by: 'operator' })]
    } else if (t.dice.percent(50)) yield [t.fact('dispute.expired', id, {})]
    const end = t.dice.percent(50) ? { outcome: 'won' } : { outcome: 'lost', refund: t.id('rf_') }
    const cause = t.dice.pick(['decided', 'accepted', 'expired'] as const)
    yield [t.fact('dispute.decided', id, { request: t.id('rc_'), cause, by: 'operator', entry: t.id('en_'), ...end })]
  }
}

function opened(t: Teller, { open, seller }: Readonly<{ open: string[]; seller: string }>): Fact {
  const id = t.id('dp_')
  open.push(id)
  const receipt = t.id('rc_')
  return t.fact('dispute.opened', id, {
    request: t.dice.percent(30) ? t.id('pi_') : receipt,
    receipt,
    rail: 'lightning',
    payee: seller,
    parties: [seller],
    asset: BTC.id,
    units: '900',
    paid: '2000',
    left: '1100',
    sources: [{ from: `party:${seller}`, asset: BTC.id, units: '900', share: '900' }],
    entry: t.id('en_'),
    dueAt: 1_900_000_000_000,
    reason: 'not_received',
    note: '',
    by: 'operator',
    metadata: {},
  })
}
