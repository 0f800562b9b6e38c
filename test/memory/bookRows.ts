import { contractTable } from '../../gateway/parties/party/contractTable.ts'
import type { Fact } from '../../gateway/ports/books.ts'
import type { Hex, PartyId } from '../../gateway/ports/ids.ts'
import { splitTree } from '../../gateway/split/splitTree.ts'
import { type Teller, USDC } from './teller.ts'

const RAIL = 'evm:31338'

/** Splits with payees in the books, paid on a chain; what they are owed is swept and claimed, by us or by others, fails, and is taken back. */
export function* bookRows(t: Teller, parties: readonly string[]): Generator<Fact[], never> {
  const splits: { splitId: string; account: string }[] = []
  for (const label of ['row 1', 'row 2', 'row 3']) {
    const account: Hex = `0x${t.dice.hex(20)}`
    const payees = [{ party: t.dice.pick([...parties]) as PartyId, account, shares: '3', inBooks: true as const }] // As its story made it.
    yield [t.fact('split.created', t.id('sp_'), { payees, label })]
    splits.push({ splitId: splitTree(contractTable({ payees, label })).splitId, account })
  }
  const moved = (kind: string, splitId: string, more: object) => {
    const data = { rail: RAIL, place: 'hub', kind, cursor: t.dice.hex(4), asset: USDC.id, units: '900', splitId, ...more }
    return t.fact('settlement.booked', `${RAIL}:${kind}:${t.dice.hex(32)}`, data)
  }
  for (;;) {
    const { splitId, account } = t.dice.pick(splits)
    yield [moved('received', splitId, { place: 'receiver' })]
    if (t.dice.percent(30)) yield [moved('received', splitId, {})]
    if (t.dice.percent(30)) continue
    for (const step of ['sweep', 'claim'] as const) {
      const id = t.id('at_')
      yield [t.fact('share_claim.begun', id, { rail: RAIL, splitId, step, units: '900' })]
      const isFailed = t.dice.percent(20)
      const ended = isFailed ? { outcome: 'failed', reason: 'reverted' } : { outcome: 'settled', transaction: t.dice.hex(32) }
      const booked = moved(step === 'sweep' ? 'swept' : 'claimed', splitId, step === 'sweep' ? { place: 'receiver' } : { account })
      yield [...(isFailed ? [] : [booked]), t.fact('share_claim.ended', id, { rail: RAIL, splitId, step, ...ended })]
      if (isFailed || t.dice.percent(80)) continue
      const takenBack = { rail: RAIL, settlement: booked.id, movement: booked.id, cursor: '1', booked: 'en_1', outcome: 'taken_back' }
      yield [t.fact('settlement.demoted', `${booked.id}:demoted`, { ...takenBack, splitId, account })]
    }
  }
}
