import type { Fact } from '../../gateway/ports/books.ts'
import { type Teller, USDC } from './teller.ts'

const OPEN_MAX = 8
const KINDS = ['amount', 'duplicate', 'unexpected', 'missing', 'fee_mismatch'] as const

const PROOF = {
  proof: { day: '2027-01-15', at: '', journal: { seq: 1, hash: '' }, rails: [], assets: [], silent: [] },
  key_id: 'k',
  signature: 's',
}

/** A bank's statements without end, a step at a time: read, with breaks that are asked for, opened again and ended. */
export function* statements(t: Teller): Generator<Fact[], never> {
  const open: string[] = []
  /** Charges that are booked, and that no statement has shown. */
  const booked: string[] = []
  let proved = 0
  for (let day = 1; ; ) {
    const deed = t.dice.below(7)
    if (deed === 6) yield [charged(t, booked)]
    else if (deed === 0) {
      yield [t.fact('reconciliation.matched', 'bank', { rail: 'bank', expectations: booked.splice(0, 1), movements: [t.dice.hex(8)] })]
    } else if (deed === 1) {
      day = (day % 28) + 1
      yield [statementRead(t, day), t.fact('reconciliation.day_proved', `day ${++proved}`, PROOF)]
    } else if (open.length === 0 || (open.length < OPEN_MAX && t.dice.percent(40))) {
      yield [opened(t, open, day)]
    } else yield ended(t, open)
  }
}

function charged(t: Teller, booked: string[]): Fact {
  const id = `bank:spent:${t.dice.hex(8)}`
  booked.push(id)
  const data = { rail: 'bank', place: 'account', kind: 'spent', cursor: t.dice.hex(4), asset: USDC.id, units: '7', entry: t.id('en_') }
  return t.fact('settlement.booked', id, data)
}

function statementRead(t: Teller, day: number): Fact {
  const statement = t.dice.hex(8)
  const sums = { asset: USDC.id, opening: '0', closing: '7', lines: 3, matched: 2, breaks: 1 }
  return t.fact('reconciliation.statement_read', `bank:${statement}`, {
    rail: 'bank',
    statement,
    account: 'rail:bank:account',
    day: dayOf(day),
    ...sums,
  })
}

function opened(t: Teller, open: string[], day: number): Fact {
  const id = t.id('rb_')
  open.push(id)
  const [kind, line] = [t.dice.pick(KINDS), t.dice.hex(8)]
  const sides =
    kind === 'unexpected' ? { expectations: [], movements: [line] } : { expectations: [`bank:received:${line}`], movements: [line] }
  const about = {
    rail: 'bank',
    kind,
    side: t.dice.pick(['in', 'out']),
    account: 'rail:bank:account',
    asset: USDC.id,
    expected: '7',
    moved: '9',
  }
  return t.fact('reconciliation.break_opened', id, { ...about, statement: t.dice.hex(8), day: dayOf(day), ...sides })
}

/** Asked for, and then either taken back or booked; or ended by itself. */
function ended(t: Teller, open: string[]): Fact[] {
  const id = t.dice.pick(open)
  const action = t.id('sa_')
  if (t.dice.percent(30))
    return [
      t.fact('reconciliation.break_assigned', id, { by: 'anna', to: 'bert' }),
      t.fact('reconciliation.break_asked', id, { by: 'anna', action }),
      t.fact('reconciliation.break_reopened', id, { action }),
    ]
  open.splice(open.indexOf(id), 1)
  return [t.fact('reconciliation.break_resolved', id, { how: t.dice.pick(['cleared', 'rule', 'accepted', 'entry']), by: 'anna' })]
}

function dayOf(day: number): string {
  return `2026-11-${String(day).padStart(2, '0')}`
}
