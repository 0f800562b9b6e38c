import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import { nextOpening } from '../deciding/healing.ts'
import type { PayoutContext } from '../payoutState/context.ts'
import type { Alongside } from '../payoutState/createPayoutCommand.ts'
import { evolve } from '../payoutState/evolve.ts'
import { type PayoutFact, toFact } from '../payoutState/facts.ts'
import { isDeclined, isUnheard, openAttempt, type Payout } from '../payoutState/payout.ts'
import { type PayoutView, viewPayout } from '../payoutState/view.ts'

/**
 * Asks for a payout not to be paid: it ends as failed with its money back, at once or when nothing of it is under way. A try that is being planned at this
 * moment may still be made, and then what its rail says stands. Refuses with `payout_sent`.
 */
export async function cancelPayout(
  { books, clock }: Pick<PayoutContext, 'books' | 'clock'>,
  payout: Payout,
  { by, along }: Readonly<{ by: string; along: (view: PayoutView) => Alongside }>,
): Promise<void> {
  // What failed and waits for its time is with no rail.
  const waits = !openAttempt(payout) && nextOpening(payout, clock.now()) !== undefined
  const told = !waits && payout.attempts.some((attempt) => !isUnheard(attempt) && !isDeclined(attempt))
  if (payout.parts && payout.status === 'open')
    throw new GatewayError('payout_sent', `${payout.id} is paid in parts`, {
      hint: 'Cancel those of its parts that no rail has been told of.',
    })
  if (payout.status !== 'open' || told)
    throw new GatewayError('payout_sent', `${payout.id} ${told ? 'was handed to a rail' : 'has its end'}`)
  const fact: PayoutFact = { type: 'payout.cancel_asked', id: payout.id, at: clock.now(), data: { by } }
  const { claims, facts } = along(viewPayout(evolve(payout, fact)))
  await submitUntilKnown(books, { claims, facts: [toFact(fact), ...facts] })
}
