import { type Batch, waitingOf } from './batch.ts'

/** What is to be done next: drop what never was created, make payouts of rows, give back what none of them needs, book the end, or wait for a payout. */
export type BatchEffect = Readonly<{ kind: 'none' | 'abandon' | 'feed' | 'giveBack' | 'end' | 'wait' }>

/** Decides the next step from the facts and from `free`: the units of its account that no payout holds. */
export function nextEffect(batch: Batch, free: bigint): BatchEffect {
  if (batch.status === 'staged') return { kind: 'abandon' }
  if (batch.status !== 'open') return { kind: 'none' }
  if (free > batch.unmade) return { kind: 'giveBack' }
  if (!batch.canceled && waitingOf(batch) > 0) return { kind: 'feed' }
  return { kind: batch.settled + batch.failed === batch.made ? 'end' : 'wait' }
}
