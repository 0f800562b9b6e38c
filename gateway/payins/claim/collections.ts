import { NANO_PER_UNIT } from '../../costs/nanoUsd.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Outcome } from '../../ports/outcome.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Authorization } from '../../ports/receiver.ts'
import { createCollectionQueue, type QueuedCollection } from './collectionQueue.ts'
import type { CollectParts } from './collectUntilKnown.ts'
import { readRequestFact } from './facts.ts'
import { type CollectionStep, createHeldPiles, type HoldingParts } from './heldPiles.ts'
import { notCollected } from './notCollected.ts'
import { asCharged } from './paidRequest.ts'
import { createRunning } from './runningCollections.ts'

export type Collections = ReturnType<typeof createCollections>

/** An exposure that was lost: the payer had its answer, and its authorization could not be collected. */
type FailedCollection = Readonly<{ receipt: string; payer: string; units: bigint; reason: string; at: number }>

/** The newest are kept in memory; the journal has all. */
const FAILURES_KEPT = 1_000
/** Waiting at most; beyond it new authorizations are refused before they are claimed. */
const QUEUE_MAX = 20_000

/**
 * Collects held authorizations, each until its outcome is known, with `holding` when that costs least. Settled ones are booked when the rail's own stream
 * reports the money, so that one place books; a failed one releases its hold and is an exposure that was lost, listed and remembered against the payer.
 */
export function createCollections(o: CollectParts & Readonly<{ holding?: HoldingParts }>) {
  const waiting = createCollectionQueue()
  const go = (items: readonly QueuedCollection[]) => {
    for (const item of items) waiting.push(item)
    pump()
  }
  const held = o.holding && createHeldPiles({ ...o.holding, clock: o.clock, go })
  const stop = new AbortController()
  const running = createRunning(o, { stop: stop.signal, onRoom: pump })
  const failures = rememberFailures(o.books)

  function pump(): void {
    if (stop.signal.aborted) return
    for (let next = waiting.take(running.hasRoom, o.clock.now()); next; next = waiting.take(running.hasRoom, o.clock.now())) {
      const { claimKey } = next
      running
        .run(claimKey)
        .catch((error: unknown) => o.log(`collection of ${claimKey} stopped: ${error instanceof Error ? error.message : 'unknown error'}`))
    }
  }

  return {
    /** Refuses before anything is claimed when too much waits, or when its chain refuses what this payer has signed already. */
    admit({ rail, payer }: Readonly<{ rail: RailName; payer: string }>): void {
      const refusal = running.refusalOf(rail, payer)
      if (refusal) throw notCollected(refusal, { isKept: false })
      if (waiting.size() + (held?.size() ?? 0) >= QUEUE_MAX)
        throw new GatewayError('too_busy', 'Too many authorizations wait to be collected')
    },
    /** An account with code can refuse what it likes for the price of a signature, so such are turned away first. */
    admitCode(): void {
      if (running.isFullOfRefused())
        throw new GatewayError('too_busy', 'The chain refuses too many authorizations of accounts with code to take one more')
    },
    /** Collects after the answer; never waits. */
    enqueue(claimKey: string): void {
      const request = o.records.byClaim(claimKey)
      const authorization = o.records.authorization(claimKey)
      // Collected or let go meanwhile; or it is not known yet what is taken.
      if (!request || !authorization || request.metered === 'open') return
      const { to, from, validBefore } = authorization
      const item = { claimKey, rail: request.rail, payee: to, payer: from, endsAt: Number(validBefore) * 1000 } // not money: a time
      if (mayHaveCompany(authorization) && held?.add({ ...item, since: request.at, worth: asCharged(request).price * NANO_PER_UNIT }))
        return
      waiting.push(item)
      pump()
    },
    /** Somebody's money is collected on this chain now, or what is held takes room that is asked for: what waits for company has it. */
    join: (rail: RailName, how: Readonly<{ isCrowded: boolean }>): void => held?.join(rail, how),
    /** Why the authorization of this claim waits, or went when it did; of the newest only. */
    stepOf: (claimKey: string): CollectionStep | undefined => held?.stepOf(claimKey),
    /** Collects before the work and waits for the outcome, or for a refusal as things are, at most `deadlineMs`. One that was refused is tried at once. */
    async now(claimKey: string, deadlineMs: number): Promise<Outcome> {
      const late = new Promise<Outcome>((resolve) =>
        setTimeout(() => resolve({ kind: 'unknown', checkAfterMs: 1_000 }), deadlineMs).unref(),
      )
      return Promise.race([running.runUntilRefused(claimKey), late])
    },
    /** True while an authorization of this payer is refused: what it signs next is collected before the work. */
    refuses: running.refuses,
    failures: (): readonly FailedCollection[] => failures,
    pending: (): number => waiting.size() + running.size() + (held?.size() ?? 0),
    close(): void {
      held?.close()
      stop.abort()
    },
  }
}

/** A permit goes alone whatever waits beside it. */
export function mayHaveCompany({ kind }: Pick<Authorization, 'kind'>): boolean {
  return kind === 'transfer' || kind === 'receive'
}

/** The newest failures, as the journal has them. */
function rememberFailures(books: CollectParts['books']): readonly FailedCollection[] {
  const failures: FailedCollection[] = []

  books.remember({
    name: 'settlement.collections',
    form: 2,
    tables: { failures },
    apply(fact) {
      const known = readRequestFact(fact)
      if (known?.type !== 'collection.failed' || known.data.settleFirst === 'yes') return
      const { payer, units, reason } = known.data
      failures.push({ receipt: known.id, payer, units: BigInt(units), reason, at: known.at })
      if (failures.length > FAILURES_KEPT) failures.shift()
    },
  })
  return failures
}
