import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { max, min } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import type { Split } from '../../parties/party/splits.ts'
import type { Leg } from '../../ports/books.ts'
import type { Settlement } from '../../ports/receiver.ts'
import type { BookedData, OwnerData } from './facts.ts'
import { entitlementLegs, move } from './legs.ts'
import type { SettlementRecords } from './settlementRecords.ts'

type ChannelData = OwnerData & Pick<BookedData, 'payer'>

/** Legs of a settlement about a voucher channel, and what its fact says beside. */
type VoucherChannelBooking = Readonly<{ legs: Leg[]; extra: ChannelData }>

/**
 * What came into, through or out of a split's voucher channels. On chain their deposits are in the hub, beside the pots: `channel:<splitId>` is the
 * part of them that no voucher has taken, `vouched:<splitId>` the part that accepted vouchers have, so the two always sum to the deposits less claims.
 */
export function voucherChannelBooking(s: Settlement, split: Split | undefined, records: SettlementRecords): VoucherChannelBooking {
  if (!split) return unregistered(s)
  switch (s.kind) {
    case 'deposited':
      return deposited(s, split, records)
    case 'vouched':
      return vouched(s, split, records)
    default:
      return withdrawn(s, split, records)
  }
}

/** The books know no channels of such a split; what came into its pot waits for a person. */
function unregistered(s: Settlement): VoucherChannelBooking {
  if (s.kind !== 'vouched') return { legs: [], extra: {} }
  const legs = [move(accounts.rail(s.rail, 'hub'), accounts.suspense(s.rail), s.amount)]
  return { legs, extra: { suspense: 'vouchers of a split that is not registered' } }
}

function deposited(s: Settlement, split: Split, records: SettlementRecords): VoucherChannelBooking {
  const { channelId, channel, payer } = s
  invariant(channelId, 'a deposit names its channel')
  const terms = channel ? { salt: channel.salt.toString(), closer: channel.closer } : {}
  const extra = { channel: channelId, ...terms, ...(payer ? { payer } : {}) }
  // Opened before its split was watched here: nobody counts its deposit, and its vouchers count when they are claimed.
  if (!channel && !records.channels.of(s.rail, channelId)) return { legs: [], extra }
  return { legs: [move(accounts.rail(s.rail, 'hub'), accounts.channel(split.splitId), s.amount)], extra }
}

/**
 * Vouchers were claimed into the pot, by us or by anyone who holds some. The hub says their sum only: it is taken from what we accepted, then from
 * the deposits (a voucher that we were never shown), and what neither has came from a channel that nobody counted.
 */
function vouched(s: Settlement, split: Split, records: SettlementRecords): VoucherChannelBooking {
  const { splitId } = split
  const { asset, units } = s.amount
  const held = records.channels.held(splitId, asset)
  const fromVouched = min(units, held.vouched)
  const fromDeposits = min(units - fromVouched, held.deposited)
  const uncounted = units - fromVouched - fromDeposits
  const from = accounts.vouched(splitId)
  const gathered = [
    ...some(accounts.rail(s.rail, 'hub'), from, money(asset, uncounted)),
    ...some(accounts.channel(splitId), from, money(asset, fromDeposits)),
  ]
  const received = records.potReceived(s.rail, splitId)
  const extra = { potReceived: (received + units).toString() }
  const divided = split.house
    ? [move(from, accounts.party(split.house), s.amount)]
    : entitlementLegs({ split, received, value: units, from, asset })
  return { legs: [...gathered, ...divided], extra }
}

/** A payer has its rest back. Accepted vouchers that were not claimed before are lost to the split, and said to be. */
function withdrawn(s: Settlement, split: Split, records: SettlementRecords): VoucherChannelBooking {
  const { splitId } = split
  const { asset, units } = s.amount
  invariant(s.channelId, 'a withdrawal names its channel')
  const extra = { channel: s.channelId }
  const channel = records.channels.of(s.rail, s.channelId)
  if (!channel) return { legs: [], extra }
  const claimed = channel.deposit - units
  const unclaimed = max(channel.accepted - claimed, 0n)
  const held = records.channels.held(splitId, asset)
  // What others claimed or the chain took back can have shifted the two, never their sum: what one lacks the other has.
  const lacking = max(units - held.deposited, 0n)
  const fromVouched = min(max(unclaimed, lacking), held.vouched)
  const legs = [
    ...some(accounts.vouched(splitId), accounts.channel(splitId), money(asset, fromVouched)),
    ...some(accounts.channel(splitId), accounts.rail(s.rail, 'hub'), s.amount),
  ]
  const exception = `the payer took back ${unclaimed} units of channel ${channel.id} for which vouchers had been accepted and not claimed`
  return { legs, extra: { ...extra, ...(unclaimed > 0n ? { exception } : {}) } }
}

/** Nothing moves where there is nothing. */
function some(debit: string, credit: string, amount: Money): Leg[] {
  return amount.units > 0n ? [move(debit, credit, amount)] : []
}
