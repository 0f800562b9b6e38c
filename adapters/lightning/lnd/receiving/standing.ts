import { type AuthenticatedLnd, getChannels } from 'lightning'
import { lndCall } from '../node/lndCall.ts'
import { satsToMsat } from '../node/msat.ts'

const CALL_DEADLINE_MS = 5_000
/** So long after its link came up a channel has agreed with its peer which HTLCs it still carries. */
const STEADY_MS = 2_000
/** LND tells an HTLC in whole satoshi, rounded down. */
const HTLC_ROUNDING_MSAT = 999n

/**
 * Whether a payment that LND calls held is really there. An LND that is killed within some 100 ms of accepting an HTLC gives it back when it starts again
 * (its own guard takes it for a replayed onion), while its invoice stays held; settled then, the invoice counts as paid and nobody has paid (measured with
 * 0.21.2). So nothing is settled that is not on a channel which is up and steady.
 */
type Standing = 'stands' | 'gone' | 'unsteady'

type ChannelSight = Readonly<{
  is_active: boolean
  time_online?: number
  pending_payments: readonly Readonly<{ id: string; is_outgoing: boolean; tokens: number }>[]
}>

/** Judges by the channels as LND lists them. */
export function judgeStanding(o: { hash: string; amountMsat: bigint; channels: readonly ChannelSight[] }): Standing {
  const parts = (channel: ChannelSight) => channel.pending_payments.filter(({ id, is_outgoing }) => !is_outgoing && id === o.hash)
  const carrying = o.channels.filter((channel) => parts(channel).length > 0)
  const carriedMsat = carrying.flatMap(parts).reduce((sum, { tokens }) => sum + satsToMsat(tokens) + HTLC_ROUNDING_MSAT, 0n)
  const steady = (channel: ChannelSight) => channel.is_active && (channel.time_online ?? 0) >= STEADY_MS
  if (carriedMsat >= o.amountMsat) return carrying.every(steady) ? 'stands' : 'unsteady'
  return o.channels.length > 0 && o.channels.every(steady) ? 'gone' : 'unsteady'
}

/** Asks LND for its channels and judges. Throws `LndError`. */
export async function standingOf(lnd: AuthenticatedLnd, payment: { hash: string; amountMsat: bigint }): Promise<Standing> {
  const { channels } = await lndCall('the channels', CALL_DEADLINE_MS, () => getChannels({ lnd }))
  return judgeStanding({ ...payment, channels })
}
