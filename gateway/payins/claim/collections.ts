import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { submitWhenRoom } from '../../ledger/process/submit.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { Outcome } from '../../ports/outcome.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Collector } from '../../ports/receiver.ts'
import { voidHolds } from '../settlement/legs.ts'
import type { RequestRecords } from './requestRecords.ts'

export type Collections = ReturnType<typeof createCollections>

/** Collected at the same time; the rest waits in order. */
const IN_FLIGHT_MAX = 16
/** Waiting at most; beyond it new authorizations are refused before they are claimed. */
const QUEUE_MAX = 20_000
const DEADLINE_MS = 60_000
const RETRY_MS_MAX = 10_000

/**
 * Collects held authorizations, each until its outcome is known. Settled ones are booked when the rail's own stream reports the money, so that one
 * place books; a failed one releases its hold and is an exposure that was lost, listed and remembered against the payer.
 */
export function createCollections(o: {
  books: Books
  view: RequestRecords
  /** Who collects on this chain; undefined when the chain is not configured any more. */
  collectorOf: (rail: RailName) => Collector | undefined
  clock: Clock
  ids: IdSource
  log: (line: string) => void
}) {
  const waiting: string[] = []
  const running = new Map<string, Promise<Outcome>>()
  const stop = new AbortController()
  const failures: { receipt: string; payer: string; units: bigint; reason: string; at: number }[] = []

  o.books.remember({
    ...{ name: 'settlement.collections', form: 1, tables: { failures } },
    apply(fact) {
      if (fact.type !== 'collection.failed') return
      const d = fact.data as Record<string, string>
      failures.push({ receipt: fact.id, payer: d.payer!, units: BigInt(d.units!), reason: d.reason!, at: fact.at })
    },
  })

  async function untilKnown(claimKey: string): Promise<Outcome> {
    const authorization = o.view.authorization(claimKey)
    const request = o.view.byClaim(claimKey)
    const collector = request && o.collectorOf(request.rail)
    if (!collector || !authorization) return { kind: 'failed', reason: 'never_sent' }
    const id = request.receipt
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(DEADLINE_MS)])
    let outcome = await collector.collect(id, authorization, { signal })
    let wait = 200
    while (outcome.kind === 'unknown' && !stop.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, wait).unref())
      wait = wait * 2 > RETRY_MS_MAX ? RETRY_MS_MAX : wait * 2
      outcome = await collector.lookupCollection(id)
      // Nothing can be under way: the same id may be tried again, and the nonce on chain makes it harmless.
      if (outcome.kind === 'failed' && outcome.reason === 'never_sent')
        outcome = await collector.collect(id, authorization, { signal: stop.signal })
    }
    if (outcome.kind === 'failed') await fail(claimKey, outcome.reason)
    return outcome
  }

  /** Lets the hold go: the authorization can not be collected any more. */
  async function fail(claimKey: string, reason: string): Promise<void> {
    const request = o.view.byClaim(claimKey)
    if (request?.collection !== 'held') return
    const { receipt, payer, units } = request
    const held = o.books.entry(request.entry)
    invariant(held, `the entry of ${receipt} is booked`)
    const result = await submitWhenRoom(o.books, {
      claims: [{ key: `collection:${receipt}:closed`, fingerprint: 'released' }],
      facts: [{ type: 'collection.failed', id: receipt, at: o.clock.now(), data: { claimKey, payer, reason, units: units.toString() } }],
      entry: {
        id: o.ids.entry(),
        payment: receipt,
        legs: voidHolds(held),
      },
    })
    if (result.kind === 'declined') o.log(`collection ${receipt}: the hold was gone already (${result.status})`)
  }

  function run(claimKey: string): Promise<Outcome> {
    const standing = running.get(claimKey)
    if (standing) return standing
    const work = untilKnown(claimKey).finally(() => {
      running.delete(claimKey)
      pump()
    })
    running.set(claimKey, work)
    return work
  }

  function pump(): void {
    while (waiting.length > 0 && running.size < IN_FLIGHT_MAX && !stop.signal.aborted) {
      const claimKey = waiting.shift()!
      run(claimKey).catch((error: unknown) =>
        o.log(`collection of ${claimKey} stopped: ${error instanceof Error ? error.message : 'unknown error'}`),
      )
    }
  }

  return {
    /** Refuses before anything is claimed when too much waits. */
    admit(): void {
      if (waiting.length >= QUEUE_MAX) throw new GatewayError('too_busy', 'Too many authorizations wait to be collected')
    },
    /** Collects after the answer; never waits. */
    enqueue(claimKey: string): void {
      waiting.push(claimKey)
      pump()
    },
    /** Collects before the work and waits for the outcome, at most `deadlineMs`. */
    async now(claimKey: string, deadlineMs: number): Promise<Outcome> {
      const late = new Promise<Outcome>((resolve) =>
        setTimeout(() => resolve({ kind: 'unknown', checkAfterMs: 1_000 }), deadlineMs).unref(),
      )
      return Promise.race([run(claimKey), late])
    },
    failures: (): readonly { receipt: string; payer: string; units: bigint; reason: string; at: number }[] => failures,
    pending: (): number => waiting.length + running.size,
    close(): void {
      stop.abort()
    },
  }
}
