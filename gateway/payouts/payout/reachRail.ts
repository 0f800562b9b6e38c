import { invariant } from '../../errors/invariant.ts'
import type { Outcome } from '../../ports/outcome.ts'
import type { Attempt, Sender } from '../../ports/sender.ts'
import { withDeadline } from '../deciding/deadline.ts'
import type { Turn } from '../health/health.ts'
import type { PayoutContext } from '../payoutState/context.ts'
import type { AttemptState, Payout } from '../payoutState/payout.ts'
import { doubtAfterRestore } from './afterRestore.ts'

/** When a rail that does not answer in time is asked first. */
const SILENCE_CHECK_MS = 1_000

/**
 * Hands a durable try to its rail. A send that outlives its deadline may still pay, so `doubt.sending` stays until the rail has answered. Never throws:
 * what is not certain is `unknown`.
 */
export async function handToRail(
  context: PayoutContext,
  o: { payout: Payout; attempt: AttemptState; doubt: { sending: boolean }; free: () => void; turn: Turn | undefined },
): Promise<Outcome> {
  const { policy, log } = context
  const { payout, attempt, doubt, free, turn } = o
  const restored = doubtAfterRestore(payout, attempt, policy.restoredFrom)
  if (restored) turn?.over()
  if (restored) return restored
  const acknowledged = () => {
    turn?.heard()
    turn?.over()
    free()
  }
  // Others need not wait for a rail that takes its time.
  const slow = setTimeout(free, policy.sendHoldsLaneMs)
  const sender = senderOf(context, attempt)
  const order = orderOf(payout, attempt)
  const late = silence(`${attempt.rail} did not answer within ${policy.sendDeadlineMs} ms`)
  const outcome = await withDeadline<Outcome, Outcome>({
    ms: policy.sendDeadlineMs,
    late,
    stop: context.stop,
    work: async (signal) => {
      doubt.sending = true
      try {
        const told = await sender.send(order, { signal, acknowledged })
        hear(turn, told)
        return told
      } catch (error) {
        // The port says that a sender never throws. One that does has not said no, so its word is: not certain.
        log.error({ attempt: attempt.id, error: String(error) }, 'a rail threw while sending')
        turn?.silent()
        return silence('the rail broke while sending')
      } finally {
        doubt.sending = false
        turn?.over()
      }
    },
  })
  clearTimeout(slow)
  if (outcome === late && !context.stop.aborted) turn?.silent()
  return outcome
}

/** Whatever word a rail gives, it was heard; what it becomes of the payment is another matter. */
function hear(turn: Turn | undefined, outcome: Outcome): void {
  if (outcome.kind === 'unknown' && outcome.silent) turn?.silent()
  else turn?.heard()
}

/** What the rail says became of a try; `unknown` when it does not say in time. */
export async function askRail(context: PayoutContext, payout: Payout, attempt: AttemptState): Promise<Outcome> {
  const { policy, log } = context
  const restored = doubtAfterRestore(payout, attempt, policy.restoredFrom)
  if (restored) return restored
  const late = silence(`${attempt.rail} did not answer within ${policy.lookupDeadlineMs} ms`)
  const sender = senderOf(context, attempt)
  return withDeadline<Outcome, Outcome>({
    ms: policy.lookupDeadlineMs,
    late,
    stop: context.stop,
    work: async () => {
      try {
        return await sender.lookup(attempt.id, orderOf(payout, attempt))
      } catch (error) {
        log.warn({ attempt: attempt.id, error: String(error) }, 'a rail could not look an attempt up')
        return silence('the rail could not look it up')
      }
    },
  })
}

/** The try as its rail is told of it. */
function orderOf(payout: Payout, { id, amount, feeMax, destination, railKey, changed }: AttemptState): Attempt {
  const order = { id, amount, feeMax, destination: payout.destinations[destination]!, reference: payout.reference }
  return { ...order, ...(railKey === undefined ? {} : { railKey }), ...(changed && { changed }) }
}

/** Nothing certain: it is asked for again. */
export function silence(detail: string): Outcome & { kind: 'unknown' } {
  return { kind: 'unknown', checkAfterMs: SILENCE_CHECK_MS, silent: true, detail }
}

/** The one sender of a way. */
export function senderOf(context: PayoutContext, way: { rail: string; amount: { asset: { id: string } } }): Sender {
  const sender = context.senders.find((s) => s.rail === way.rail && s.asset.id === way.amount.asset.id)
  invariant(sender, `there is a sender for ${way.rail} in ${way.amount.asset.id}`)
  return sender
}
