import { type Batch, waitingOf } from './batch.ts'

/**
 * What is to be done next: drop what never was created, plan how its rows are best paid, make payouts of rows, give back what none of them needs, book the end,
 * or wait for a payout.
 */
export type BatchEffect = Readonly<{ kind: 'none' | 'abandon' | 'plan' | 'feed' | 'giveBack' | 'end' | 'wait' }>

/** Decides the next step from the facts and from `free`: the units of its account that no payout holds. */
export function nextEffect(batch: Batch, free: bigint): BatchEffect {
  if (batch.status === 'staged') return { kind: 'abandon' }
  if (batch.status !== 'open') return { kind: 'none' }
  if (free > batch.unmade) return { kind: 'giveBack' }
  // One of before there were plans goes on without.
  if (!batch.canceled && waitingOf(batch) > 0) return { kind: batch.plan || batch.made > 0 ? 'feed' : 'plan' }
  return { kind: batch.settled + batch.failed === batch.made ? 'end' : 'wait' }
}
