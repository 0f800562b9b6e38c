import { z } from 'zod'
import { destination } from '../http/wire.ts'
import { answers, idempotent, idOf, integerText, money, time } from './shapes.ts'

const balanceRow = z.strictObject({
  account: z.string(),
  asset: z.string(),
  asset_id: z.string(),
  debits: integerText,
  credits: integerText,
  debits_pending: integerText,
  credits_pending: integerText,
})
const head = z.strictObject({ seq: z.int(), hash: z.string() })
const trialBalance = z
  .strictObject({ data: z.array(balanceRow), has_more: z.boolean(), next: z.string().optional(), head })
  .meta({ id: 'TrialBalance', description: 'Sums in the smallest units of each asset.' })
const asset = z.strictObject({ id: z.string(), code: z.string(), scale: z.int(), ledger: z.int() }).meta({ id: 'Asset' })
const rails = z.strictObject({ rails: z.array(z.strictObject({ rail: z.string(), asset: z.string() })), assets: z.array(asset) })

export const action = z
  .strictObject({
    id: idOf('sa'),
    object: z.literal('suspense_action'),
    status: z.enum(['waiting', 'booked', 'canceled', 'refused']).or(z.string()),
    amount: money,
    what: z.enum(['assign', 'refund', 'write_off', 'adjust', 'end_attempt']),
    to: z.string().optional(),
    item: z.string().optional(),
    rail: z.string().optional(),
    payer: z.string().optional(),
    payout: idOf('po').optional(),
    destinations: z.array(destination).optional(),
    reference: z.string().optional(),
    debit: z.string().optional(),
    credit: z.string().optional(),
    attempt: idOf('at').optional(),
    outcome: z.enum(['settled', 'failed']).optional(),
    reason: z.string(),
    evidence: z.strictObject({ text: z.string().optional(), sha256: z.string().optional() }),
    by: z.string(),
    approved_by: z.string().nullable(),
    at: time,
    refused: z.unknown().optional(),
  })
  .meta({ id: 'SuspenseAction', description: 'What an operator does by hand with money of nobody, or asks another to agree to.' })
const waitingItem = z.strictObject({
  id: z.string(),
  rail: z.string(),
  amount: money,
  reference: z.string(),
  payer: z.string(),
  remittance: z.string(),
  note: z.string(),
  at: time,
  suggestions: z.array(z.record(z.string(), z.unknown())),
})
const suspense = z
  .strictObject({
    data: z.array(waitingItem),
    waiting: z.array(action),
    exceptions: z.array(z.unknown()),
    not_collected: z.array(z.record(z.string(), z.unknown())),
    exchanges: z.array(z.unknown()),
    problems: z.array(z.strictObject({ rail: z.string(), what: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Suspense', description: 'Money that arrived and has no owner yet, and what a person should see.' })
const done = { 201: action, 202: action }

export const operatingOperations = {
  'GET /v1/balances': answers('getTrialBalance', { 200: trialBalance }),
  'GET /v1/rails': answers('listRails', { 200: rails }),
  'GET /v1/suspense': answers('listSuspense', { 200: suspense }),
  'POST /v1/suspense/assign': idempotent('assignSuspense', done),
  'POST /v1/suspense/refund': idempotent('refundSuspense', done),
  'POST /v1/suspense/write-off': idempotent('writeOffSuspense', done),
  'POST /v1/suspense/adjust': idempotent('adjustBooks', done),
  'POST /v1/payouts/:id/attempts/:attempt/outcome': idempotent('endAttempt', done),
  'GET /v1/suspense/actions/:id': answers('getSuspenseAction', { 200: action }),
  'POST /v1/suspense/actions/:id/approve': idempotent('approveSuspenseAction', { 200: action }),
  'POST /v1/suspense/actions/:id/cancel': idempotent('cancelSuspenseAction', { 200: action }),
}
