import type { AuthenticatedLnd } from 'lightning'
import { z } from 'zod'

const whole = z.string().regex(/^\d+$/).transform(BigInt)

/**
 * A channel as LND itself lists it, as far as the client leaves it out: who pays for the commitment, and how much, exactly. Satoshi; fee in sat for 1,000
 * weight units. `num_updates` counts our commitments.
 */
const channel = z.object({
  channel_point: z.string(),
  num_updates: whole,
  active: z.boolean(),
  initiator: z.boolean(),
  commitment_type: z.string(),
  fee_per_kw: whole,
  pending_htlcs: z.array(
    z.object({
      incoming: z.boolean(),
      amount: whole,
      hash_lock: z.instanceof(Uint8Array).transform((hash) => Buffer.from(hash).toString('hex')),
      forwarding_channel: z.string().default('0'),
    }),
  ),
})

export type RpcChannel = z.infer<typeof channel>

const answer = z.object({ channels: z.array(channel) })
/** ListChannels as LND answers it: the one method that is called past the client. Rejects as the client does. */
export function listChannels(lnd: AuthenticatedLnd): Promise<RpcChannel[]> {
  // The client hands out its gRPC stubs without types; what comes back is checked.
  const rpc = lnd.default as { listChannels: (request: object, done: (error: unknown, found: unknown) => void) => void }
  return new Promise((resolve, reject) => {
    rpc.listChannels({}, (error, found) => {
      if (error) return reject([503, 'UnexpectedListChannelsError', { err: error }])
      const parsed = answer.safeParse(found)
      if (parsed.success) resolve(parsed.data.channels)
      else reject([503, 'UnexpectedShapeOfChannels'])
    })
  })
}
