import { nextWord, unlessSpokenOver, untilSaid } from '../../audit/receipt/receiptChain.ts'
import { invariant } from '../../errors/invariant.ts'
import { sendUntilKnown } from '../../ledger/process/sendUntilKnown.ts'
import { submitWhenRoom } from '../../ledger/process/submit.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { FailureReason, Outcome } from '../../ports/outcome.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Collector } from '../../ports/receiver.ts'
import { lossLegs } from '../exposure/exposureLegs.ts'
import { toRequestFact } from './facts.ts'
import { asCharged } from './paidRequest.ts'
import type { RequestRecords } from './requestRecords.ts'

export type CollectParts = Readonly<{
  books: Books
  records: Pick<RequestRecords, 'byClaim' | 'authorization' | 'headOf'>
  /** Who collects on this chain; undefined when the chain is not configured any more. */
  collectorOf: (rail: RailName) => Collector | undefined
  clock: Clock
  ids: IdSource
  log: (line: string) => void
}>

/** What the rail says against it as things are; it may still settle. */
export type Refused = Extract<Outcome, { kind: 'unknown' }> & Readonly<{ refusal: FailureReason }>

/** `wake`: resolves when the payer asks for another try at once. `onSent`: it is signed. `patient`: nobody waits for it. */
type Waiting = Readonly<{
  stop: AbortSignal
  onRefused(outcome: Refused): void
  onSent(): void
  wake(): Promise<void>
  patient: boolean
}>

/**
 * Collects the authorization of a claim and asks until its outcome is known; one that failed lets its hold go. `unknown` only after `stop`.
 */
export async function collectUntilKnown(o: CollectParts, claimKey: string, w: Waiting): Promise<Outcome> {
  const authorization = o.records.authorization(claimKey)
  const request = o.records.byClaim(claimKey)
  const collector = request && o.collectorOf(request.rail)
  if (!collector || !authorization) return { kind: 'failed', reason: 'never_sent' }
  const id = request.receipt
  const outcome = await sendUntilKnown({
    // The nonce on chain makes another try harmless.
    send: ({ signal, isAsked, onSent }) =>
      collector.collect(id, authorization, {
        signal,
        patient: w.patient && !isAsked,
        onSent() {
          onSent()
          w.onSent()
        },
      }),
    look: () => collector.lookupCollection(id),
    stop: w.stop,
    wake: w.wake,
    onUnknown(known) {
      if (isRefused(known)) w.onRefused(known)
    },
  })
  if (outcome.kind === 'failed') await letGo(o, claimKey, outcome.reason)
  return outcome
}

function isRefused(outcome: Outcome): outcome is Refused {
  return outcome.kind === 'unknown' && outcome.refusal !== undefined
}

/** Lets the hold go: the authorization can not be collected any more. What it held of what may be owed is lost. */
async function letGo(o: CollectParts, claimKey: string, reason: string): Promise<void> {
  const request = o.records.byClaim(claimKey)
  if (request?.collection !== 'held') return
  const { receipt, payer, units, price, settleFirst } = asCharged(request)
  const held = o.books.entry(request.entry)
  invariant(held, `the entry of ${receipt} is booked`)
  const data = { claimKey, payer, reason, units: units.toString(), ...(settleFirst ? { settleFirst: 'yes' as const } : {}) }
  const result = await untilSaid(async () => {
    const at = o.clock.now()
    const word = nextWord(o.records.headOf(receipt), at, { state: 'failed', reason })
    const outcome = await submitWhenRoom(o.books, {
      claims: [{ key: `collection:${receipt}:closed`, fingerprint: 'released' }, ...word.claims],
      facts: [toRequestFact({ type: 'collection.failed', id: receipt, at, data }), ...word.facts],
      entry: { id: o.ids.entry(), payment: receipt, legs: lossLegs(held, request.metered === 'charged' ? price : undefined) },
    })
    return unlessSpokenOver(outcome)
  })
  if (result.kind === 'declined') o.log(`collection ${receipt}: the hold was gone already (${result.status})`)
}
