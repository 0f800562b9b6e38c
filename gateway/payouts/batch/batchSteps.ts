import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { StepAnswer, Steps } from '../../ledger/process/drive.ts'
import type { InTurn } from '../../ledger/process/inTurn.ts'
import { newEntry } from '../../ledger/process/newEntry.ts'
import type { Fact, Submission } from '../../ports/books.ts'
import { REFUSED_FOR_GOOD } from '../payout/createPayout.ts'
import { submitStep } from '../payoutState/context.ts'
import { type Batch, batchPath, payoutOfRow, rowClaim, waitingOf } from './batch.ts'
import type { BatchContext } from './context.ts'
import { beginClaim } from './createBatch.ts'
import { type BatchId, type RowData, toBatchFact } from './facts.ts'
import { amountOf, takesOf } from './judgeRows.ts'
import { deadlineOf } from './lateRows.ts'
import type { BatchEffect } from './nextEffect.ts'
import { planData, plannedFor } from './plan.ts'

/** Rows that are no payouts yet, by their batch; made anew at each start. */
type Queues = Map<string, RowData[]>

/** What each step of a batch does. Its rows become payouts in its turn, between which it may be canceled. */
export function batchSteps(context: BatchContext, inTurn: InTurn): Steps<Batch, BatchEffect> {
  const queues: Queues = new Map()
  return {
    none: ({ id }) => {
      queues.delete(id)
      return 'wait'
    },
    wait: () => 'wait',
    abandon: (batch) =>
      record(context, { claims: [{ key: beginClaim(batch.id), fingerprint: 'abandoned' }], facts: [abandoned(context, batch)] }),
    plan: (batch) => plan(context, batch),
    feed: ({ id }) => inTurn(id, () => feed(context, queues, id)),
    giveBack: (batch) => giveBack(context, batch),
    end: (batch) => {
      queues.delete(batch.id)
      return end(context, batch)
    },
  }
}

/** By which ways its rows are best paid together: known once, before the first of them is a payout. */
async function plan(context: BatchContext, batch: Batch): Promise<StepAnswer> {
  const rows = context.records.rows(batch.id)
  const wanted = rows.map((row) => ({
    amount: amountOf(row, batch.asset!),
    destinations: row.destinations,
    deliverBy: deadlineOf(row, batch),
  }))
  const planned = await context.payouts.plan({ source: accounts.party(batch.party), rows: wanted })
  if (context.stop.aborted) return 'wait'
  const data = planData(planned, { rows: batch.rows, placeOf: (i) => rows[i]!.row })
  const fact = toBatchFact({ type: 'payout_batch.planned', id: batch.id, at: context.clock.now(), data })
  return record(context, { claims: [{ key: `payout_batch:${batch.id}:planned`, fingerprint: 'once' }], facts: [fact] })
}

/** What its payouts left there, and no row needs, is its party's again. */
async function giveBack(context: BatchContext, batch: Batch): Promise<undefined> {
  const units = freeOf(context, batch) - batch.unmade
  if (units <= 0n) return
  const move = { kind: 'move' as const, debit: batchPath(batch.id), credit: accounts.party(batch.party), asset: batch.asset!, units }
  const outcome = await submitStep(context, { entry: newEntry(context, batch.id, [move]) })
  invariant(outcome.kind === 'applied' || outcome.kind === 'replayed', `${batch.id} has what it gives back: ${outcome.kind}`)
}

/** Units of its account that no payout holds. */
export function freeOf({ books }: Pick<BatchContext, 'books'>, { id, asset }: Batch): bigint {
  if (!asset) return 0n
  const { creditsPosted, debitsPosted, debitsPending } = books.balance(batchPath(id), asset)
  return creditsPosted - debitsPosted - debitsPending
}

/** Makes payouts of the next rows. One that finds no room gives way to the next. */
async function feed(context: BatchContext, queues: Queues, id: BatchId): Promise<StepAnswer> {
  const { policy, records, stop } = context
  const batch = records.get(id)
  if (!batch || batch.canceled) return
  const queue = queues.get(batch.id) ?? records.rows(batch.id).filter(({ row }) => !context.books.claim(rowClaim(batch.id, row).key))
  queues.set(batch.id, queue)
  invariant(queue.length === waitingOf(batch), `${batch.id} has ${waitingOf(batch)} rows that wait, and ${queue.length} of them here`)
  const chunk = queue.splice(0, policy.chunk)
  const ends = await Promise.all(chunk.map((row) => makeRow(context, batch, row)))
  queue.push(...chunk.filter((_, i) => ends[i] === 'no_room'))
  if (stop.aborted) return 'wait'
  return ends.every((one) => one === 'no_room') ? policy.retryMs : undefined
}

/** Says nothing about the row: it becomes a payout a little later. */
const NO_ROOM = ['too_many_open', 'too_busy', 'ledger_unavailable', 'rail_unavailable'] as const

/** What the books do not know is asked of them until they do: the step ends only when the row is one thing or the other. */
async function makeRow(context: BatchContext, batch: Batch, row: RowData): Promise<'done' | 'no_room'> {
  for (;;) {
    try {
      await createRow(context, batch, row)
      return 'done'
    } catch (error) {
      if (!isGatewayError(error)) throw error
      if (NO_ROOM.some((code) => error.code === code)) return 'no_room'
      if (error.code === 'outcome_unknown' && !context.stop.aborted) {
        await sleep(context.policy.retryMs)
        continue
      }
      if (!REFUSED_FOR_GOOD.includes(error.code)) throw error
      await refuseRow(context, batch, row, error)
      return 'done'
    }
  }
}

async function createRow({ payouts }: BatchContext, batch: Batch, row: RowData): Promise<void> {
  const { destinations, reference, metadata, feeMax = '0' } = row
  await payouts.create({
    id: payoutOfRow(batch.id, row.row),
    source: batchPath(batch.id),
    amount: amountOf(row, batch.asset!),
    destinations,
    reference,
    ...(metadata ? { metadata } : {}),
    createdBy: batch.createdBy,
    behalf: { account: accounts.party(batch.party) },
    feeMax: BigInt(feeMax),
    deliverBy: deadlineOf(row, batch),
    planned: plannedFor(batch.plan, row.row),
    along: () => ({ claims: [rowClaim(batch.id, row.row)], facts: [] }),
  })
}

/** The gateway is configured otherwise than when the row was judged. */
async function refuseRow(context: BatchContext, { id }: Batch, row: RowData, { code, shortMessage }: GatewayError): Promise<void> {
  const data = { row: row.row, code, detail: shortMessage.slice(0, 200), units: takesOf(row).toString() }
  const fact = toBatchFact({ type: 'payout_batch.row_refused', id, at: context.clock.now(), data })
  const { key } = rowClaim(id, row.row)
  await submitStep(context, { claims: [{ key, fingerprint: 'refused' }], facts: [fact] })
}

/** Every row that was to be paid has its end, and its account is empty. */
async function end(context: BatchContext, batch: Batch): Promise<undefined> {
  const { settled, failed, refused } = batch
  const data = { settled, failed, refused, canceled: waitingOf(batch) }
  const { creditsPosted, debitsPosted, debitsPending } = context.books.balance(batchPath(batch.id), batch.asset!)
  invariant(creditsPosted === debitsPosted && debitsPending === 0n, `${batch.id} has given back what its rows did not take`)
  const fact = toBatchFact({ type: 'payout_batch.ended', id: batch.id, at: context.clock.now(), data })
  await record(context, { claims: [{ key: `payout_batch:${batch.id}:ended`, fingerprint: 'once' }], facts: [fact] })
  context.log.info({ batch: batch.id, ...data }, 'a batch of payouts has its end')
}

function abandoned({ clock }: BatchContext, { id }: Batch): Fact {
  return toBatchFact({ type: 'payout_batch.abandoned', id, at: clock.now(), data: {} })
}

async function record(context: BatchContext, submission: Submission): Promise<undefined> {
  const outcome = await submitStep(context, submission)
  if (outcome.kind === 'applied' || outcome.kind === 'replayed') return
  throw new GatewayError('outcome_unknown', `a step of a batch found another in its place: ${outcome.kind}`)
}
