import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { drive } from '../../ledger/process/drive.ts'
import type { WaitLimits } from '../../ledger/process/ends.ts'
import { createInTurn } from '../../ledger/process/inTurn.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import { min } from '../../money/integers.ts'
import type { SourceOwner } from '../payout/returnedPayout.ts'
import type { Alongside } from '../payoutState/createPayoutCommand.ts'
import { type Batch, batchOfPath, payoutOfRow, toBatchId } from './batch.ts'
import { batchSteps, freeOf } from './batchSteps.ts'
import type { BatchContext } from './context.ts'
import { type CreateBatch, createBatch, partsOf } from './createBatch.ts'
import { evolve } from './evolve.ts'
import { type BatchFact, type BatchId, toBatchFact } from './facts.ts'
import { type Judged, judgeRows } from './judgeRows.ts'
import { refuseLate } from './lateRows.ts'
import { type BatchEffect, nextEffect } from './nextEffect.ts'
import { type PreviewView, plannedFor, previewOf } from './plan.ts'
import { roomFor } from './room.ts'
import { type BatchView, type RowView, viewBatch, viewRow } from './view.ts'

/** Steps of one batch without a pause: those of others come in between. */
const STEPS_MAX = 8

type BatchOptions = Omit<BatchContext, 'stop'> & Readonly<{ onFatal?: (error: unknown) => void }>

export type Batches = ReturnType<typeof createBatches>

/** Takes batches, makes payouts of their rows, and books their end. Its records must have been made before the books started. */
export function createBatches(options: BatchOptions) {
  const stopping = new AbortController()
  const context: BatchContext = { ...options, stop: stopping.signal }
  const { records, policy, log, clock } = context
  const inTurn = createInTurn()
  const driven = drive<Batch, BatchEffect>({
    name: 'batch',
    records,
    next: (batch) => nextEffect(batch, freeOf(context, batch)),
    steps: batchSteps(context, inTurn),
    width: policy.lanes,
    placeOf: ({ party }) => ({ lane: 'batches', owner: party }),
    retryMs: policy.retryMs,
    stepsMax: STEPS_MAX,
    log,
    clock,
    onFatal: options.onFatal,
  })

  function get(id: string): Batch {
    const batch = records.get(id)
    if (!batch?.asset) throw new GatewayError('not_found', `There is no batch ${id.slice(0, 60)}`)
    return batch
  }

  return {
    ...creating(context, driven.wake),
    get: (id: string): BatchView => viewBatch(get(id)),
    /** Rows by their places, from the one behind `after` on. */
    rows(id: string, o: Readonly<{ after: number; limit: number }>): readonly RowView[] {
      const batch = get(id)
      const refused = new Map(records.refused(batch.id).map((one) => [one.row, one]))
      const places = Array.from({ length: min(o.limit, batch.rows - o.after - 1) }, (_, i) => o.after + 1 + i)
      return places.map((row) => {
        const payout = context.payouts.find(payoutOfRow(batch.id, row))
        const decision = payout?.decisionId === undefined ? undefined : context.payouts.decision(payout.decisionId)
        // A batch that has its end keeps the sums of its plan alone; what was planned for a row stands in its decision.
        const planned = decision?.planned ?? plannedFor(batch.plan, row)
        return viewRow(batch, row, { refused: refused.get(row), payout, planned, realised: decision?.realised })
      })
    },
    /** Rows that are no payouts yet will not be; one that has its end stays as it is. */
    cancel: (id: string, o: Canceling): Promise<void> => inTurn(get(id).id, () => cancelBatch(context, get(id), o)),
    async wait(id: string, limits: WaitLimits): Promise<BatchView> {
      if (get(id).status === 'open') await records.waitForEnd(id, limits)
      return viewBatch(get(id))
    },
    /** The party of the batch that an account belongs to; undefined for any other account. */
    partyOf: (source: string): string | undefined => records.get(batchOfPath(source) ?? '')?.party,
    /** After the payouts have been taken up: goes on with every batch. */
    start(): void {
      records.onChange((id) => {
        // One that is being staged is its creator's yet.
        if (records.get(id)?.status !== 'staged') driven.wake(id)
      })
      void driven.resume()
    },
    async close(): Promise<void> {
      stopping.abort()
      await driven.close()
    },
  }
}

type Canceling = Readonly<{ by: string; along: (batch: BatchView) => Alongside }>

/** To be called in the turn of the batch: what is becoming a payout is one first, so that no row is said to be canceled and paid. */
async function cancelBatch({ books, clock }: BatchContext, batch: Batch, { by, along }: Canceling): Promise<void> {
  if (batch.status === 'ended') throw new GatewayError('batch_ended', `${batch.id} has its end`)
  const fact: BatchFact = { type: 'payout_batch.canceled', id: batch.id, at: clock.now(), data: { by } }
  const { claims, facts } = along(viewBatch(evolve(batch, fact)))
  await submitUntilKnown(books, { claims, facts: [toBatchFact(fact), ...facts] })
}

/** How a batch comes to be: judged first, so that its caller can weigh the sum, then created. */
function creating(context: BatchContext, wake: (id: string) => void) {
  const inTurn = createInTurn()
  const room = roomFor(context)

  return {
    /** A new id, whose rows have ids too. */
    newId: (): BatchId => toBatchId(context.ids.next('pb_')),
    judge: (o: Parameters<typeof judgeRows>[1]): Promise<Judged> => judgeRows(context, o),
    /** See `refuseLate`. */
    refuseLate: (o: Parameters<typeof refuseLate>[1]) => refuseLate(context, o),
    preview: (o: Parameters<typeof previewOf>[1]): Promise<PreviewView> => previewOf(context, o),
    /** Refuses with `too_many_open`, `too_busy`, `insufficient_balance` and `idempotency_key_reused`. */
    async create(command: CreateBatch): Promise<void> {
      const { parts, text } = partsOf(command.judged.good)
      // One after the other, so that many at once are no more than there may be.
      await inTurn(command.party, async () => {
        const leave = room.take(command.party, { rows: command.judged.good.length, text })
        try {
          const again = () => wake(command.id)
          await createBatch(context, command, { parts, drop: again, late: again })
        } finally {
          leave()
        }
      })
    },
  }
}

/** Who has what comes back to the account of a batch after its end: its party. */
export function batchOwner(records: BatchContext['records']): SourceOwner {
  return (source, units) => {
    const batch = records.get(batchOfPath(source) ?? '')
    return batch && [{ path: accounts.party(batch.party), units }]
  }
}
