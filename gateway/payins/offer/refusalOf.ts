import { isGatewayError } from '../../errors/gatewayError.ts'
import type { Impossibility } from '../../payouts/router/candidate.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Receiver } from '../../ports/receiver.ts'

/** Why a rail makes no offer: a word that a payout's decision knows too, or that what is paid now would come when nobody waits for it any more. */
export type NotOffered = Extract<Impossibility, 'no_answer' | 'not_served' | 'rate_unavailable' | 'rejected_by_rail'> | 'arrives_too_late'

/** `word`: why, as the router says it of a payout. */
export type OfferRefusal = Readonly<{ rail: RailName; reason: string; word: NotOffered }>

/** Our own words only: the message of an unexpected error may hold what a caller must not see. */
export function refusalOf(
  receiver: Receiver,
  error: unknown,
  { expiresAt, now }: Readonly<{ expiresAt: number; now: number }>,
): OfferRefusal {
  const { rail } = receiver
  if (!isGatewayError(error)) return { rail, reason: 'the rail failed to make an offer', word: 'no_answer' }
  const reason = error.shortMessage
  if (error.code === 'rate_unavailable') return { rail, reason, word: error.code }
  if (error.meta.split !== undefined) return { rail, reason, word: 'not_served' }
  if (error.code !== 'rail_unavailable') return { rail, reason, word: error.code === 'too_busy' ? 'no_answer' : 'rejected_by_rail' }
  const seconds = receiver.secondsToFunds?.(now) ?? 0n
  return { rail, reason, word: BigInt(now) + seconds * 1_000n > BigInt(expiresAt) ? 'arrives_too_late' : 'no_answer' }
}
