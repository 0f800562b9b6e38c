import { createHash } from 'node:crypto'
import { type AuthenticatedLnd, getChannels, getPayment } from 'lightning'
import type { FailureReason } from '../../../../gateway/ports/outcome.ts'
import { faultOf, GRPC_UNAVAILABLE, lndCall, NO_ANSWER } from '../node/lndCall.ts'
import { reasonOfFailure } from './outcomeTable.ts'

const LOOK_UP_DEADLINE_MS = 3_000

/**
 * What LND says of a payment when it is asked by its hash.
 * - `settled`, `failed`: its last word. - `absent`: it has no record of the hash. - `in_flight`: an HTLC of it is on a channel, or on chain.
 * - `no_htlc`: it is pending, its channels are up, and none carries its hash: for a moment that is normal, for longer it is stuck (lnd issue #9340).
 * - `silent`: no answer. A payment that is stored and has no HTLC yet gets none either, so silence says nothing.
 */
export type Sight =
  | Readonly<{ kind: 'settled'; preimage: string; amountMsat: bigint; feeMsat: bigint; at: number }>
  | Readonly<{ kind: 'failed'; reason: FailureReason; detail: string }>
  | Readonly<{ kind: 'absent' }>
  | Readonly<{ kind: 'in_flight'; detail: string }>
  | Readonly<{ kind: 'no_htlc'; detail: string }>
  | Readonly<{ kind: 'silent'; detail: string }>

/** Asks LND what became of a payment. Never throws. */
export async function lookUpPayment(lnd: AuthenticatedLnd, paymentHash: string): Promise<Sight> {
  try {
    const found = await lndCall('the look-up', LOOK_UP_DEADLINE_MS, () => getPayment({ lnd, id: paymentHash }))
    if (found.is_failed) {
      const { reason, means } = reasonOfFailure(found.failed ?? {})
      return { kind: 'failed', reason, detail: means }
    }
    if (!found.payment) return await sightOfPending(lnd, paymentHash, firstChannels(found.pending?.paths))
    const { secret, mtokens, fee_mtokens, confirmed_at } = found.payment
    if (createHash('sha256').update(Buffer.from(secret, 'hex')).digest('hex') !== paymentHash)
      return { kind: 'silent', detail: 'LND gives a preimage that does not open the payment hash' }
    // `mtokens` is the amount and the fee together.
    const [all, feeMsat] = [BigInt(mtokens), BigInt(fee_mtokens)]
    return { kind: 'settled', preimage: secret, amountMsat: all - feeMsat, feeMsat, at: Date.parse(confirmed_at) }
  } catch (error) {
    const fault = faultOf(error)
    if (fault.code === 404) return { kind: 'absent' }
    if (fault.code === NO_ANSWER) return await sightOfPending(lnd, paymentHash, [])
    return { kind: 'silent', detail: fault.grpc === GRPC_UNAVAILABLE ? 'the node cannot be reached' : fault.message }
  }
}

/** Where a pending payment is: on a channel, on the way to the chain with a channel that closed, or nowhere. */
async function sightOfPending(lnd: AuthenticatedLnd, paymentHash: string, leaves: readonly string[]): Promise<Sight> {
  try {
    const { channels } = await lndCall('the channels', LOOK_UP_DEADLINE_MS, () => getChannels({ lnd }))
    return judgePending({ paymentHash, leaves, channels })
  } catch (error) {
    return { kind: 'silent', detail: faultOf(error).message }
  }
}

type ChannelSight = Readonly<{
  id: string
  is_active: boolean
  pending_payments: readonly Readonly<{ id: string; is_outgoing: boolean }>[]
}>

/** `leaves` are the channels by which LND says that parts of it left, empty when it does not say. */
export function judgePending(o: { paymentHash: string; leaves: readonly string[]; channels: readonly ChannelSight[] }): Sight {
  const carries = (channel: ChannelSight) => channel.pending_payments.some(({ id, is_outgoing }) => is_outgoing && id === o.paymentHash)
  if (o.channels.some(carries)) return { kind: 'in_flight', detail: 'an HTLC is on its way' }
  const used = o.leaves.length === 0 ? o.channels : o.leaves.map((leave) => o.channels.find(({ id }) => id === leave))
  if (used.some((channel) => channel === undefined)) return { kind: 'in_flight', detail: 'its channel is closing: the chain will decide' }
  if (used.some((channel) => channel?.is_active === false)) return { kind: 'in_flight', detail: 'a channel it may be on is down' }
  return { kind: 'no_htlc', detail: 'LND calls it in flight, its channels are up, and no channel carries it' }
}

function firstChannels(paths: readonly Readonly<{ hops: readonly Readonly<{ channel: string }>[] }>[] | undefined): string[] {
  return (paths ?? []).flatMap(({ hops }) => (hops[0] ? [hops[0].channel] : []))
}
