import type { Asset } from '../../money/asset.ts'
import { ceilDiv } from '../../money/integers.ts'
import { money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Leg } from '../../ports/books.ts'
import type { RateSource } from '../../ports/rates.ts'
import { OFFER_LIFE_MS } from './replay.ts'

type Move = Extract<Leg, { kind: 'move' }>

/**
 * The moves of a claim as they are undone `ageMs` later. Its rate was promised for as long as an offer lives; after that what was converted costs its payees
 * what it is worth now, and never less than they were given. So nobody can wait how a rate moves and have work fail when that pays, and who has paid gets
 * back all of it. Throws `rail_unavailable` when it is not known what it is worth now.
 */
export function payeesLegs(legs: readonly Leg[], { rates, ageMs }: Readonly<{ rates: RateSource; ageMs: number }>): Move[] {
  const moves = legs.filter((leg) => leg.kind === 'move')
  const given = moves.filter(({ debit }) => debit.startsWith('fx:'))
  const [first] = given
  if (!first || ageMs <= OFFER_LIFE_MS) return moves
  const units = given.reduce((sum, leg) => sum + leg.units, 0n)
  const now = worth(moves, first.asset, rates)
  if (now <= units) return moves
  return moves.map((leg) => (given.includes(leg) ? { ...leg, units: ceilDiv(leg.units * now, units) } : leg))
}

/** What the conversion took is worth now in the asset that it gave, in favour of the conversion. */
function worth(moves: readonly Move[], asset: Asset, rates: RateSource): bigint {
  const taken = moves.filter(({ credit }) => credit.startsWith('fx:'))
  return taken.reduce((sum, leg) => sum + convert(money(leg.asset, leg.units), rates.rate(leg.asset, asset), 'up').units, 0n)
}
