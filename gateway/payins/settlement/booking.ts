import { invariant, unreachable } from '../../errors/invariant.ts'
import { accounts, CAPITAL } from '../../ledger/journal/accounts.ts'
import type { Split } from '../../parties/party/splits.ts'
import type { Claim } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { Settlement } from '../../ports/receiver.ts'
import { arrivalOf } from './arrival.ts'
import type { Booking, BookingContext, Manner, Movement, Target } from './bookingContext.ts'
import { type BookedData, toSettlementFact } from './facts.ts'
import { creditRows, entitlementLegs, move } from './legs.ts'
import { settlementId } from './settlementId.ts'
import { voucherChannelBooking } from './voucherChannelBooking.ts'

const PLAIN: Manner = { inKind: false, returned: undefined }

/** Decides where a settlement belongs. Pure but for reading the views; nothing is booked here. `entry` is the id of the entry to come. */
export function bookingOf(s: Movement, entry: EntryId, c: BookingContext, manner: Manner = PLAIN): Booking {
  const target = targetOf(s, entry, c, manner)
  const data: BookedData = {
    rail: s.rail,
    place: s.place,
    kind: s.kind,
    cursor: s.cursor,
    asset: s.amount.asset.id,
    units: s.amount.units.toString(),
    ...(s.reference ? { reference: s.reference } : {}),
    ...(s.splitId ? { splitId: s.splitId } : {}),
    ...(s.account ? { account: s.account } : {}),
    ...(s.payer ? { payer: s.payer } : {}),
    ...(s.payerIban ? { payerIban: s.payerIban } : {}),
    ...(target.legs.length > 0 ? { entry } : {}),
    ...target.extra,
  }
  const fact = toSettlementFact({ type: 'settlement.booked', id: settlementId(s), at: s.at, data })
  const claim: Claim = { key: `settlement:${settlementId(s)}`, fingerprint: `${s.kind}:${s.amount.asset.id}:${s.amount.units}` }
  return { claims: [claim, ...(target.claims ?? [])], facts: [fact, ...(target.facts ?? [])], legs: target.legs, payment: target.payment }
}

function targetOf(s: Movement, entry: EntryId, c: BookingContext, manner: Manner): Target {
  const at = accounts.rail(s.rail, s.place)
  const split = s.splitId ? c.splits.bySplitId(s.splitId) : undefined
  switch (s.kind) {
    case 'spent':
      return { legs: [move(accounts.feePaid(s.rail), at, s.amount)], payment: s.attemptId ?? settlementId(s) }
    case 'moved':
      return moved(s, at)
    case 'funded':
      return { legs: [move(at, accounts.operator(s.amount.asset, c.bookAsset), s.amount)], payment: CAPITAL }
    case 'swept':
      return swept(s, split, c)
    case 'claimed':
      return claimed(s, split, c)
    case 'received':
      return arrivalOf({ s, at, split, entry, manner }, c)
    case 'deposited':
    case 'vouched':
    case 'withdrawn':
      return { ...voucherChannelBooking(s, split, c.settlements), payment: split?.key ?? settlementId(s) }
    default:
      return unreachable(s.kind)
  }
}

/** From one place of a rail to another: nobody's balance changes. */
function moved(s: Settlement, from: string): Target {
  invariant(s.toPlace !== undefined && s.toPlace !== s.place, 'what moved went to another place')
  return { legs: [move(accounts.rail(s.rail, s.toPlace), from, s.amount)], extra: { toPlace: s.toPlace }, payment: settlementId(s) }
}

/** A receiver was emptied into the hub: what was undivided in the pot becomes entitlements by the contract's formula. */
function swept(s: Settlement, split: Split | undefined, c: BookingContext): Target {
  const hub = accounts.rail(s.rail, 'hub')
  if (!split)
    return {
      legs: [move(hub, accounts.suspense(s.rail), s.amount)],
      extra: { suspense: 'a sweep of a split that is not registered' },
      payment: settlementId(s),
    }
  const across = move(hub, accounts.rail(s.rail, 'receiver'), s.amount)
  const before = c.settlements.potReceived(s.rail, split.splitId)
  const extra = { potReceived: (before + s.amount.units).toString() }
  if (split.house) return { legs: [across], extra, payment: split.key }
  const legs = entitlementLegs({ split, received: before, value: s.amount.units, from: accounts.pot(split.splitId), asset: s.amount.asset })
  return { legs: [across, ...legs], extra, payment: split.key }
}

/** A payee took what it was owed out of the hub. The gateway's own account is its wallet. */
function claimed(s: Settlement, split: Split | undefined, c: BookingContext): Target {
  const hub = accounts.rail(s.rail, 'hub')
  if (!split || !s.account) return { legs: [move(accounts.suspense(s.rail), hub, s.amount)], payment: settlementId(s) }
  if (split.house) return { legs: [move(accounts.rail(s.rail, 'wallet'), hub, s.amount)], payment: split.key }
  const legs = [move(accounts.share(split.splitId, s.account), hub, s.amount)]
  // What the gateway's own account is paid comes to its wallet, and is owed to those of the table whose row that is: to several by largest remainder.
  const account = s.account.toLowerCase()
  const rows = split.payees.filter((p) => p.account.toLowerCase() === account)
  const ours = account === c.splits.operator.toLowerCase() || rows.some((row) => row.inBooks)
  if (ours) legs.push(...creditRows(rows, s.amount, accounts.rail(s.rail, 'wallet')))
  return { legs, payment: split.key }
}
