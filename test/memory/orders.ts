import type { Fact } from '../../gateway/ports/books.ts'
import { type Teller, USDC } from './teller.ts'

const OPEN_MAX = 8

/** Standing orders without end, a step at a time: made, run, without anything to pay, refused, paused, resumed, and ended for good. */
export function* orders(t: Teller, parties: readonly string[]): Generator<Fact[], never> {
  const open: string[] = []
  for (let slot = 684; ; ) {
    if (open.length === 0 || (open.length < OPEN_MAX && t.dice.percent(40))) {
      yield [made(t, { open, party: t.dice.pick(parties) })]
      continue
    }
    const id = t.dice.pick(open)
    const deed = t.dice.below(6)
    slot += t.dice.percent(20) ? 1 : 0
    if (deed === 0)
      yield [t.fact('standing_order.ran', id, { slot, payout: t.id('po_'), units: '70', waits: t.dice.percent(30) ? true : undefined })]
    else if (deed === 1) yield [t.fact('standing_order.skipped', id, { slot })]
    else if (deed === 2) yield [t.fact('standing_order.failed', id, { slot, code: 'insufficient_balance', detail: 'too little' })]
    else if (deed === 3) yield [t.fact('standing_order.changed', id, { status: t.dice.pick(['paused', 'active']), by: 'operator' })]
    else if (deed === 4) {
      open.splice(open.indexOf(id), 1)
      yield [t.fact('standing_order.changed', id, { status: 'ended', by: 'operator' })]
    } else yield []
  }
}

function made(t: Teller, { open, party }: Readonly<{ open: string[]; party: string }>): Fact {
  const id = t.id('so_')
  open.push(id)
  return t.fact('standing_order.created', id, {
    party,
    schedule: { every: t.dice.pick(['hour', 'day', 'week', 'month']), day: 1 + t.dice.below(7), hour: t.dice.below(24) },
    asset: USDC.id,
    units: t.dice.percent(50) ? '70' : undefined,
    keep: '10',
    above: t.dice.percent(50) ? '100' : undefined,
    feeMax: '0',
    destination: { kind: 'party', party },
    reference: 'earned',
    by: party,
    person: t.dice.percent(50) ? 'mia' : undefined,
  })
}
