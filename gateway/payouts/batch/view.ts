import { invariant } from '../../errors/invariant.ts'
import { money } from '../../money/money.ts'
import type { PayoutId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { DecisionView } from '../deciding/decisionView.ts'
import { type MoneyView, type PayoutView, viewMoney } from '../payoutState/view.ts'
import { type Batch, payoutOfRow, waitingOf } from './batch.ts'
import type { BatchId, RefusedData } from './facts.ts'
import { type PlanView, viewPlan } from './plan.ts'

export const BATCH_STATES = ['processing', 'settled', 'partly_settled', 'failed', 'canceled'] as const
type BatchStatus = (typeof BATCH_STATES)[number]

/** A batch as the API shows it. `amount`: what all its rows that were taken pay. */
export type BatchView = Readonly<{
  id: BatchId
  status: BatchStatus
  party: string
  amount: MoneyView
  feeMax: MoneyView
  rows: number
  /** `returned` were paid and came back; they are none of the settled. */
  counts: Readonly<Record<'waiting' | 'processing' | 'settled' | 'failed' | 'returned' | 'refused' | 'canceled', number>>
  /** By which ways its rows are best paid together; absent until that is known. */
  plan?: PlanView
  deliverBy?: string
  metadata: Metadata
  createdBy: string
  createdAt: string
  endedAt?: string
}>

export function viewBatch(batch: Batch): BatchView {
  const {
    id,
    party,
    asset,
    units,
    feeUnits,
    rows,
    made,
    settled,
    failed,
    returned,
    refused,
    canceled,
    plan,
    deliverBy,
    metadata = {},
    createdBy,
    createdAt,
  } = batch
  invariant(asset, `${id} was created`)
  const waiting = waitingOf(batch)
  const ended = { settled: settled - returned, failed, returned, refused }
  const counts = { waiting: canceled ? 0 : waiting, processing: made - settled - failed, ...ended }
  return {
    id,
    status: statusOf(batch),
    party,
    amount: viewMoney(money(asset, units - feeUnits)),
    feeMax: viewMoney(money(asset, feeUnits)),
    rows,
    counts: { ...counts, canceled: canceled ? waiting : 0 },
    ...(plan && { plan: viewPlan(plan, asset) }),
    ...(deliverBy !== undefined && { deliverBy: new Date(deliverBy).toISOString() }),
    metadata,
    createdBy,
    createdAt: new Date(createdAt).toISOString(),
    ...(batch.endedAt === undefined ? {} : { endedAt: new Date(batch.endedAt).toISOString() }),
  }
}

function statusOf({ status, settled, rows, canceled }: Batch): BatchStatus {
  return status === 'ended' ? endOf({ settled, unpaid: rows - settled, canceled }) : 'processing'
}

/** How a batch ended, by how many of the rows that were sent were paid and how many were not. */
export function endOf({ settled, unpaid, canceled }: Readonly<{ settled: number; unpaid: number; canceled: boolean }>): BatchStatus {
  if (unpaid === 0) return 'settled'
  if (settled > 0) return 'partly_settled'
  return canceled ? 'canceled' : 'failed'
}

/**
 * One row by its place in what was sent. `payout` is what it became, or will; `plannedRail` what was planned for it, `rail` what paid it. Both costs are in
 * full, in USD: what paying came to, and what that way was expected to cost when it was decided.
 */
export type RowView = Readonly<{
  row: number
  status: string
  /** Of what is a payout. */
  amount?: MoneyView
  reference?: string
  payout?: PayoutId
  plannedRail?: string
  rail?: string
  /** When it was sent last. */
  sentAt?: string
  /** Why it went that way. */
  decisionId?: string
  costUsd?: string
  expectedUsd?: string
  code?: string
  detail?: string
}>

type About = Readonly<{
  payout: PayoutView | undefined
  refused: RefusedData | undefined
  planned: Readonly<{ rail: string }> | undefined
  realised: DecisionView['realised'] | undefined
}>

export function viewRow(batch: Batch, row: number, { payout, refused, planned, realised }: About): RowView {
  if (refused) return { row, status: 'refused', code: refused.code, detail: refused.detail }
  if (!payout && batch.canceled) return { row, status: 'canceled' }
  const way = planned && { plannedRail: planned.rail }
  if (!payout) return { row, status: 'waiting', payout: payoutOfRow(batch.id, row), ...way }
  const sent = payout.attempts.at(-1)
  return {
    row,
    status: payout.status,
    amount: payout.amount,
    ...(payout.reference && { reference: payout.reference }),
    payout: payout.id,
    ...way,
    ...(payout.rail && { rail: payout.rail }),
    ...(sent && { sentAt: sent.sentAt }),
    ...(payout.decisionId && { decisionId: payout.decisionId }),
    ...(realised && { costUsd: realised.costUsd, expectedUsd: realised.expectedUsd }),
    ...(payout.failure && { code: payout.failure.code }),
  }
}
