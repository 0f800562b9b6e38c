import { type AuthenticatedLnd, type GetClosedChannelsResult, getClosedChannels, getPendingChannels } from 'lightning'
import { lndCall } from '../node/lndCall.ts'
import { satsToMsat } from '../node/msat.ts'

const CALL_DEADLINE_MS = 5_000

/** Both sides of a channel, its HTLCs apart, as LND tells them while it waits for the closing transaction. Whole satoshi, in msat. */
export type ClosingSight = Readonly<{ channel: string; localMsat: bigint; remoteMsat: bigint }>

/** A channel that LND calls closed for good. Whole satoshi, in msat. */
export type ClosedChannel = Readonly<{
  /** Its funding output, which names it for ever. */
  channel: string
  height: number
  capacityMsat: bigint
  weOpened: boolean
  /** What came to LND's wallet, or will, of our balance and of HTLCs that ended for us. */
  homeMsat: bigint
  /** Of our balance alone. */
  balanceMsat: bigint
  /** All HTLCs that the chain decided. */
  htlcMsat: bigint
}>

/** What is closing now. Throws `LndError`. */
export async function closingChannels(lnd: AuthenticatedLnd): Promise<ClosingSight[]> {
  const { pending_channels } = await lndCall('the closing channels', CALL_DEADLINE_MS, () => getPendingChannels({ lnd }))
  return (
    pending_channels
      // One whose closing transaction is in a block, and whose outputs wait, comes without the peer's side.
      .filter(({ is_closing, is_timelocked }) => is_closing && !is_timelocked)
      .map((found) => ({
        channel: `${found.transaction_id}:${found.transaction_vout}`,
        localMsat: satsToMsat(found.local_balance),
        remoteMsat: satsToMsat(found.remote_balance),
      }))
  )
}

/** What closed after a height. Throws `LndError`. */
export async function closedChannels(lnd: AuthenticatedLnd, after: number): Promise<ClosedChannel[]> {
  const { channels } = await lndCall('the closed channels', CALL_DEADLINE_MS, () => getClosedChannels({ lnd }))
  return channels
    .filter(({ is_funding_cancel, close_confirm_height }) => !is_funding_cancel && (close_confirm_height ?? 0) > after)
    .map((found) => {
      // What was locked for a time is part of it (measured with 0.21.2), not beside it.
      const balanceMsat = satsToMsat(found.final_local_balance)
      const ours = oursOf(found)
      return {
        channel: `${found.transaction_id}:${found.transaction_vout}`,
        height: found.close_confirm_height ?? 0,
        capacityMsat: satsToMsat(found.capacity),
        weOpened: found.is_partner_initiated === false,
        homeMsat: balanceMsat + sumMsat(ours),
        balanceMsat,
        htlcMsat: sumMsat(found.close_payments),
      }
    })
}

type Closed = GetClosedChannelsResult['channels'][number]

/** The same by the transaction that brought it to LND's wallet: the closing one, or a sweep of its outputs. Satoshi. */
export function closingHomes(found: Closed): Readonly<{ transaction: string; sats: bigint }>[] {
  const balance = { transaction: found.close_balance_spent_by ?? found.close_transaction_id, sats: BigInt(found.final_local_balance) }
  const htlcs = oursOf(found).map(({ spent_by, tokens }) => ({ transaction: spent_by, sats: BigInt(tokens) }))
  return [balance, ...htlcs].flatMap(({ transaction, sats }) => (transaction !== undefined && sats > 0n ? [{ transaction, sats }] : []))
}

/** HTLCs that ended for us. */
function oursOf({ close_payments }: Closed): Closed['close_payments'] {
  return close_payments.filter(({ is_outgoing, is_paid, is_refunded }) => (is_outgoing ? is_refunded : is_paid))
}

function sumMsat(payments: readonly Readonly<{ tokens: number }>[]): bigint {
  return payments.reduce((sum, { tokens }) => sum + satsToMsat(tokens), 0n)
}
