import { z } from 'zod'
import { BREAK_KINDS } from '../../audit/matching/rows.ts'
import { BREAK_STATUSES } from '../../reconciliation/break.ts'
import { answers, decimal, idempotent, idOf, integerText, money, pageOf, time } from './shapes.ts'

const signed = z
  .strictObject({ asset: z.string(), amount: decimal })
  .meta({ description: 'Negative where the rail has less than the ledger.' })
const resolution = z.strictObject({
  how: z.enum(['entry', 'rule', 'cleared', 'accepted']),
  by: z.string().nullable(),
  at: time,
  entry: idOf('en').nullable(),
  reason: z.string().nullable(),
  evidence: z.strictObject({ text: z.string().optional(), sha256: z.string().optional() }).optional(),
})
const found = z
  .strictObject({
    id: idOf('rb'),
    object: z.literal('break'),
    status: z.enum(BREAK_STATUSES),
    kind: z.enum(BREAK_KINDS),
    rail: z.string(),
    account: z.string(),
    side: z.enum(['in', 'out']),
    expected: money.meta({ description: 'What the ledger says that the rail should show.' }),
    moved: money.meta({ description: 'What the rail shows.' }),
    difference: signed.nullable(),
    statement: z.string().nullable(),
    day: z.string(),
    opened_at: time,
    age_s: z.int(),
    owner: z.string().nullable().meta({ description: 'The operator whose turn it is; null while it is anybody’s.' }),
    assigned_by: z.string().nullable(),
    assigned_at: time.nullable(),
    counterparty: z.string().nullable(),
    text: z.string().nullable(),
    expectations: z.array(z.string()),
    expectation_count: z.int(),
    movements: z.array(z.string()),
    movement_count: z.int(),
    matched_before: z.array(z.string()).meta({ description: 'What was matched under the same name.' }),
    next_step: z.string().nullable(),
    proposal: z.strictObject({ debit: z.string(), credit: z.string(), amount: money }).nullable(),
    action: idOf('sa').nullable(),
    resolution: resolution.nullable(),
  })
  .meta({ id: 'Break', description: 'A difference between a rail and the ledger, until an entry, the rail or a person ends it.' })
const run = z
  .strictObject({
    object: z.literal('reconciliation_run'),
    statements: z.array(
      z.strictObject({ rail: z.string(), statement: z.string(), lines: z.int(), matched: z.int(), breaks: z.int() }).meta({
        description: 'breaks: how many were opened.',
      }),
    ),
    rails: z.array(
      z.strictObject({ rail: z.string(), matched: z.int(), breaks: z.int() }).meta({
        description: 'A rail that closes no days. matched: payments out that it has confirmed.',
      }),
    ),
  })
  .meta({ id: 'ReconciliationRun' })

const units = integerText
const provedPlace = z
  .strictObject({ account: z.string(), asset: z.string(), rail: units, ledger: units, less: units, more: units })
  .meta({ description: 'less, more: what is under way, so that the rail may hold so much less or more.' })
const provedAsset = z
  .strictObject({ asset: z.string(), ledger: units, unspoken: units, told: z.array(z.strictObject({ owner: z.string(), units })) })
  .meta({ description: 'unspoken: what of the ledger no rail spoke of.' })
const proof = z
  .strictObject({
    proof: z.strictObject({
      day: z.string(),
      at: time,
      journal: z.strictObject({ seq: z.int(), hash: z.string() }),
      rails: z.array(provedPlace),
      assets: z.array(provedAsset),
      silent: z.array(z.string()).meta({ description: 'Rails that did not say what they hold.' }),
    }),
    key_id: z.string(),
    signature: z.string(),
  })
  .meta({
    id: 'DayProof',
    description: 'What rails, the ledger and those whose money it is say, in units, signed with the key of receipts.',
  })

export const reconciliationOperations = {
  'GET /v1/reconciliation_proofs/:day': answers('getDayProof', { 200: proof }),
  'GET /v1/reconciliation': answers('listBreaks', { 200: pageOf(found) }),
  'GET /v1/reconciliation/:id': answers('getBreak', { 200: found }),
  'POST /v1/reconciliation/run': answers('runReconciliation', { 200: run }),
  'POST /v1/reconciliation/:id/assign': idempotent('assignBreak', { 200: found }),
  'POST /v1/reconciliation/:id/resolve': idempotent('resolveBreak', { 200: found, 202: found }),
}
