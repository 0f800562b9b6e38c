import { invariant } from '../../errors/invariant.ts'
import type { AccountPath, Leg } from '../../ports/books.ts'
import type { NetId } from '../../ports/ids.ts'
import type { SourceOwner } from '../payout/returnedPayout.ts'
import { type Member, type Net, sharesOf, totalOf } from './net.ts'
import type { NetRecords } from './netRecords.ts'

const NETTING = 'netting:'

/** Where the money of a closed net is until its payment takes it. */
export function nettingPath(id: NetId): AccountPath {
  return `${NETTING}${id}`
}

/** Reserves a member's amount, without an end: only its net takes it. */
export function joinLegs(id: NetId, member: Pick<Member, 'source' | 'amount'>): Leg[] {
  return [{ kind: 'hold', debit: member.source, credit: nettingPath(id), ...member.amount, timeoutS: 0 }]
}

/** Who has what comes back to the account of a net after its end: its members, by what each gave. */
export function memberShares(records: Pick<NetRecords, 'get'>): SourceOwner {
  return (source, units) => {
    const net = source.startsWith(NETTING) ? records.get(source.slice(NETTING.length)) : undefined
    if (!net) return undefined
    const shares = sharesOf(net, units)
    return net.members.map((member, i) => ({ path: member.source, units: shares[i]! }))
  }
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
