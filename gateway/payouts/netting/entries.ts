import { invariant } from '../../errors/invariant.ts'
import type { AccountPath, Leg } from '../../ports/books.ts'
import type { NetId } from '../../ports/ids.ts'
import { type Member, type Net, sharesOf, totalOf } from './net.ts'

/** Where the money of a closed net is until its payment takes it. */
export function nettingPath(id: NetId): AccountPath {
  return `netting:${id}`
}

/** Reserves a member's amount, without an end: only its net takes it. */
export function joinLegs(id: NetId, member: Pick<Member, 'source' | 'amount'>): Leg[] {
  return [{ kind: 'hold', debit: member.source, credit: nettingPath(id), ...member.amount, timeoutS: 0 }]
}

/** Takes every member's hold. */
export function closeLegs(net: Net): Leg[] {
  return net.members.map(({ hold, amount }): Leg => ({ kind: 'post', pending: { entry: hold, leg: 0 }, ...amount }))
}

/** What the payment did not take goes back to the members by what each gave: the whole when it failed, to the unit. */
export function endLegs(net: Net, left: bigint): Leg[] {
  const total = totalOf(net)
  invariant(left >= 0n && left <= total.units, `${net.id} has between nothing and all left: ${left}`)
  if (left === 0n) return []
  const shares = sharesOf(net, left)
  return net.members.flatMap(({ source }, i): Leg[] =>
    shares[i]! > 0n ? [{ kind: 'move', debit: nettingPath(net.id), credit: source, asset: total.asset, units: shares[i]! }] : [],
  )
}
