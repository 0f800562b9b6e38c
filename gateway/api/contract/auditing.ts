import { z } from 'zod'
import { answers, decimal, hex, idOf, integerText, money, time } from './shapes.ts'

const text = (what: string) => z.string().meta({ description: what })

const signed = {
  key_id: z.string().meta({ description: 'The first 16 hex digits of the SHA-256 of the public key.' }),
  signature: z.string().meta({ description: 'Ed25519 over the canonical JSON (RFC 8785) of what is signed, in base64url.' }),
  inclusion: z.string().optional(),
}
const receipt = z.strictObject({
  id: idOf('rc'),
  issued_at: time,
  payment: z.string(),
  resource: z.string(),
  price: money,
  rail: z.string(),
  paid: money,
  fee: money,
  rate: z.string(),
  state: z.enum(['settled', 'authorised']),
  upto: z.literal(true).optional(),
  payee: z.string(),
  split: z.string(),
  parts: z.array(z.strictObject({ to: z.string(), amount: decimal })),
  entry: idOf('en'),
})
const update = z.strictObject({
  receipt: idOf('rc'),
  n: z.int(),
  at: time,
  before: z.string(),
  state: z.enum(['held', 'settled', 'failed', 'refund_due', 'refunded']),
  reason: z.string().optional(),
  transaction: hex.optional(),
  block: z.string().optional(),
  entry: idOf('en').optional(),
  charged: money.optional(),
  amount: money.optional(),
})
const signedReceipt = z.strictObject({ receipt, ...signed, updates: z.array(z.strictObject({ update, ...signed })).optional() }).meta({
  id: 'SignedReceipt',
  description: 'What a payment was, signed, and the later words on it: each names the hash of the one before.',
})

const verdict = z.enum(['equal', 'in_flight', 'break', 'silent'])
const row = z.strictObject({
  account: z.string(),
  asset: z.string(),
  ledger: z.string(),
  rail: z.string().meta({ description: 'What the rail says; why there is no word of it where the verdict is silent.' }),
  difference: z.string(),
  in_flight: z.array(z.strictObject({ what: z.string(), amount: decimal })),
  verdict,
})
const verification = z
  .strictObject({
    ok: z.boolean(),
    at: time,
    journal: z.strictObject({
      blocks: z.int(),
      head: z.string(),
      verdict: z.enum(['unbroken', 'broken']),
      detail: z.string().optional(),
    }),
    sums: z.array(z.strictObject({ asset: z.string(), debits: z.string(), credits: z.string(), verdict })),
    rails: z.array(row),
    splits: z.array(row),
    suspense: z.array(row),
  })
  .meta({ id: 'Verification', description: 'The ledger beside itself and beside each rail’s own word.' })
const verifying = z
  .strictObject({ state: z.literal('running'), journal: z.strictObject({ block: z.int(), of: z.int() }).nullable() })
  .meta({ id: 'RunningVerification', description: 'Ask again: the same verification is further on, or done.' })

const lag = z
  .strictObject({
    block: z.int(),
    head: z.int(),
    blocks: z.int(),
    submissions: z.int(),
    seconds: z.number(),
    complete: z.boolean(),
    failure: z.string().nullable(),
    money: z.array(z.strictObject({ asset: z.string(), units: integerText })),
  })
  .meta({ id: 'LedgerLag' })
const account = z
  .strictObject({
    account: z.string(),
    asset: z.string(),
    asset_id: z.string(),
    debits: decimal,
    credits: decimal,
    debits_pending: decimal,
    credits_pending: decimal,
    changes: z.int(),
    created_at: time,
  })
  .meta({ id: 'LedgerAccount' })
const sides = { held: decimal, owed: decimal, own: decimal }
const sheet = z
  .strictObject({
    object: z.literal('balance_sheet'),
    as_of: time,
    currency: z.string(),
    currency_rates: z
      .strictObject({ source: z.string(), date: z.iso.date() })
      .nullable()
      .meta({ description: 'Who says what one currency is in another here, and of which day; null where that is the market of now.' }),
    ...sides,
    unpriced: z
      .array(z.string())
      .meta({ description: 'Assets that something stands in and that have no rate: they are not in the sums above.' }),
    assets: z.array(
      z.strictObject({
        asset: z.string(),
        asset_id: z.string(),
        ...sides,
        verdict: z.enum(['equal', 'break']).meta({ description: 'equal: what is held is what is owed and what is own, to the unit.' }),
        value: z.strictObject(sides).nullable().meta({ description: 'In the currency; null where there is no rate.' }),
        rate: z.strictObject({ source: z.string(), observed_at: time }).nullable(),
        lines: z.array(
          z.strictObject({
            accounts: z.string().meta({ description: 'One account, or all whose path begins so.' }),
            side: z.enum(['held', 'owed', 'own']),
            amount: decimal,
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'BalanceSheet' })
const change = z
  .strictObject({
    n: z.int(),
    at: time,
    kind: z.enum(['move', 'hold', 'post', 'void', 'expire']),
    amount: decimal,
    asset: z.string(),
    debit: z.string(),
    debit_balance: decimal,
    credit: z.string(),
    credit_balance: decimal,
    entry: z.string().nullable(),
    payment: z.string().nullable(),
    hold: z.int().nullable(),
    timeout_s: z.int(),
  })
  .meta({ id: 'LedgerChange', description: 'A leg, or the release of a hold by time, with both balances after it.' })
const entry = z
  .strictObject({
    id: z.string(),
    object: z.literal('entry'),
    payment: z.string(),
    block: z.int(),
    at: time,
    legs: z.int(),
    changes: z.array(change),
  })
  .meta({ id: 'LedgerEntry' })
const tracedPayment = z
  .strictObject({
    id: z.string(),
    object: z.literal('payment'),
    kind: z.enum(['intent', 'request', 'payout', 'exchange']),
    status: z.string(),
    rail: z.string().nullable(),
    asset: z.string().nullable(),
    units: integerText,
    party: z.string().nullable(),
    receipt: z.string().nullable(),
    key: z.string().nullable(),
    metadata: z.record(z.string(), z.string()),
    created_at: time,
    changed_at: time,
  })
  .meta({ id: 'TracedPayment' })
const fact = z
  .strictObject({ block: z.int(), type: z.string(), id: z.string(), at: time, data: z.unknown() })
  .meta({ id: 'Fact', description: 'A line of the journal as it was written; docs/facts.md lists the types.' })
const trace = z
  .strictObject({ payment: tracedPayment.nullable(), facts: z.array(fact), entries: z.array(entry) })
  .meta({ id: 'PaymentTrace' })

const TEXT = { media: ['text/plain'] } as const

export const auditOperations = {
  'GET /v1/receipts/:id': answers('getReceipt', { 200: signedReceipt }),
  'GET /v1/verify': answers('verifyBooks', { 200: verification, 202: verifying }),
  'GET /v1/ledger/lag': answers('getLedgerLag', { 200: lag }),
  'GET /v1/balance_sheet': answers('getBalanceSheet', { 200: sheet }),
  'GET /v1/ledger/balances': answers('listLedgerBalances', { 200: z.strictObject({ data: z.array(account), as_of: time }) }),
  'GET /v1/ledger/history': answers('listLedgerHistory', { 200: z.strictObject({ account, data: z.array(change) }) }),
  'GET /v1/ledger/entries/:id': answers('getLedgerEntry', { 200: entry }),
  'GET /v1/ledger/payments/:id': answers('getLedgerPayment', { 200: trace }),
  'GET /v1/ledger/payments': answers('findLedgerPayments', { 200: z.strictObject({ data: z.array(z.string()) }) }),
  'GET /v1/audit/key': answers('getAuditKey', { 200: text('A verifier key of signed notes, and a line feed.') }, TEXT),
  'GET /v1/audit/checkpoint': answers('getAuditCheckpoint', { 200: text('A signed note (C2SP tlog-checkpoint).') }, TEXT),
  'GET /v1/audit/consistency': answers('getAuditConsistency', {
    200: z.strictObject({ from: z.int(), to: z.int(), proof: z.array(z.string()) }),
  }),
  'GET /v1/audit/inclusion/:id': answers('getAuditInclusion', { 200: text('A proof (C2SP tlog-proof).') }, TEXT),
}
