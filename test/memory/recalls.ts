import { EUR } from '../../gateway/money/asset.ts'
import type { Fact } from '../../gateway/ports/books.ts'
import { moneyOf, type Teller } from './teller.ts'

/** Payouts by the bank that are asked back, once or twice: refused, returned, both, never answered, or never made. */
export function* recalls(t: Teller, parties: readonly string[]): Generator<Fact[], never> {
  for (;;) {
    for (let n = 10 + t.dice.below(30); n > 0; n--) yield []
    const [id, attempt, decision] = [t.id('po_'), t.id('at_'), t.id('dec_')]
    const [amount, fee] = [moneyOf(EUR, 100), moneyOf(EUR, 0)]
    const destinations = [{ kind: 'iban', iban: 'DE89370400440532013000', name: 'Payee' }]
    const of = { source: `party:${t.dice.pick(parties)}`, destinations, reference: 'rent', createdBy: 'operator' }
    const way = { rail: 'bank', destination: 0, amount, feeMax: fee }
    const weighed = { worthNano: '1', attemptsMax: 3, order: [0], expectedNano: '0', lostNano: '0', rates: [] }
    yield [
      t.fact('payout.created', id, { ...of, amount, hold: t.id('en_'), claims: [`claim:${id}`] }),
      t.fact('decision.made', decision, { payout: id, amount, ...weighed, candidates: [{ ...way, verdict: 'chosen', rank: 1 }] }),
      t.fact('attempt.sent', attempt, { payout: id, decision, ...way, feesComeBy: 'stream', feeHeld: false }),
    ]
    const first = t.id('rcl_')
    const about = { payout: id, attempt, rail: 'bank', by: 'operator', answerBy: 1_800_000_900_000 }
    if (t.dice.percent(15)) {
      yield [
        t.fact('recall.asked', first, { ...about, kind: 'recall', reason: 'TECH' }),
        t.fact('payout.cancel_asked', id, { by: 'operator' }),
      ]
      yield [t.fact('attempt.failed', attempt, { payout: id, reason: 'rejected_by_rail', detail: 'CUST' })]
      yield [t.fact('payout.failed', id, { code: 'canceled', refusals: [] })]
      continue
    }
    const evidence = { rail: 'bank', id: `B${id}`, at: 1_800_000_000_000 }
    yield [
      t.fact('attempt.settled', attempt, { payout: id, evidence, fee }),
      t.fact('payout.settled', id, { attempt, rail: 'bank', evidence, fee, exceptions: [] }),
    ]
    const answered = (recall: string, answer: string) =>
      t.fact('recall.answered', recall, { payout: id, answer, saidAt: 1_800_000_100_000, code: 'NOAS', words: 'no answer' })
    yield [t.fact('recall.asked', first, { ...about, kind: 'request', reason: 'CUST', details: t.dice.percent(50) ? 'please' : undefined })]
    if (t.dice.percent(10)) continue
    yield [t.fact('recall.sent', first, { payout: id })]
    if (t.dice.percent(50)) yield [answered(first, 'pending')]
    const refused = t.dice.percent(50)
    if (refused) yield [answered(first, 'refused')]
    if (refused && t.dice.percent(40))
      yield [t.fact('recall.asked', t.id('rcl_'), { ...about, kind: 'recall', reason: 'FRAD', before: first })]
    const back = { attempt, settlement: `back:${id}`, amount, credited: amount, reason: 'FOCR' }
    if (!refused || t.dice.percent(30)) yield [t.fact('payout.returned', id, back)]
  }
}
