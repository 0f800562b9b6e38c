import type { Fact } from '../../gateway/ports/books.ts'
import { moneyOf, type Teller, USDC } from './teller.ts'

/** Payouts in two parts without end, one after the other: all paid, one paid, none, or a part that waits for ever; some come back later. */
export function* parts(t: Teller, parties: readonly string[]): Generator<Fact[], never> {
  for (;;) {
    for (let n = 10 + t.dice.below(40); n > 0; n--) yield []
    const [id, hold] = [t.id('po_'), t.id('en_')]
    const of = { source: `party:${t.dice.pick(parties)}`, reference: 'wages', createdBy: 'operator' }
    const destinations = [{ kind: 'party', party: t.dice.pick(parties) }]
    const created = { ...of, destinations, partsMax: 4, amount: moneyOf(USDC, 100), hold: t.id('en_'), claims: [`claim:${id}`] }
    yield [t.fact('payout.created', id, created)]
    const [large, small] = [
      { id: t.id('po_'), units: 60 },
      { id: t.id('po_'), units: 40 },
    ]
    const part = (one: typeof large, holdLeg: number) => {
      const way = { rail: 'lightning', destination: 0 }
      const about = { ...of, destinations, partsMax: 2, partOf: id, way, hold, holdLeg, claims: [] }
      return t.fact('payout.created', one.id, { ...about, amount: moneyOf(USDC, one.units), feeMax: holdLeg > 1 ? '1' : undefined })
    }
    const divided = [large, small].map((one) => ({ id: one.id, amount: moneyOf(USDC, one.units) }))
    yield [t.fact('payout.parted', id, { parts: divided }), part(large, 1), part(small, 2)]
    if (t.dice.percent(10)) continue
    let paid = 0
    const left: Readonly<{ id: string; units: number; attempt: string }>[] = []
    for (const one of [large, small]) {
      if (t.dice.percent(50)) {
        paid += one.units
        const evidence = { rail: 'book', id: t.id('en_'), at: 1_800_000_000_000 }
        const [fee, decision] = [moneyOf(USDC, 0), t.id('dec_')]
        const attempt = t.id('at_')
        left.push({ ...one, attempt })
        const way = { rail: 'book', destination: 0, amount: moneyOf(USDC, one.units), feeMax: fee }
        const judged = { ...way, verdict: 'chosen', rank: 1 }
        const weighed = { worthNano: '1', attemptsMax: 3, candidates: [judged], order: [0], expectedNano: '0', lostNano: '0', rates: [] }
        yield [
          t.fact('decision.made', decision, { payout: one.id, amount: moneyOf(USDC, one.units), ...weighed }),
          t.fact('attempt.sent', attempt, { payout: one.id, decision, ...way, feesComeBy: 'outcome', feeHeld: false }),
          t.fact('attempt.settled', attempt, { payout: one.id, evidence, fee }),
          t.fact('payout.settled', one.id, { attempt, rail: 'book', evidence, fee, exceptions: [] }),
        ]
      } else yield [t.fact('payout.failed', one.id, { code: 'no_rail', refusals: [] })]
    }
    const outcome = paid === 100 ? 'settled' : paid > 0 ? 'partly_settled' : 'failed'
    yield [t.fact('payout.parts_ended', id, { outcome, paid: moneyOf(USDC, paid), released: moneyOf(USDC, 100 - paid) })]
    for (const { id: part, units, attempt } of left) {
      if (!t.dice.percent(30)) continue
      paid -= units
      const amount = moneyOf(USDC, units)
      yield [
        t.fact('payout.returned', part, { attempt, settlement: `back:${part}`, amount, credited: amount }),
        t.fact('payout.part_returned', id, { part, amount, credited: amount, outcome: paid > 0 ? 'partly_settled' : 'returned' }),
      ]
    }
  }
}
