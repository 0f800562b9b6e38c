import type { Money } from './view.ts'

/** What pages read of the API's answers, in its own spelling; whole they stand in `gateway/api/contract/`. */
export type Intent = Readonly<{
  id: string
  status: string
  exception?: string
  amount: Money
  seller: string | null
  description: string | null
  order_id?: string | null
  metadata?: Readonly<Record<string, string>>
  party?: string
  split?: string
  created_at?: string
  expires_at: string
  offers: readonly Readonly<{ id: string; rail: string; amount: Money; full_price: Money; rail_cost: Money; expires_at: string }>[]
  decision?: string | null
  page: string
  paid: Readonly<{ rail: string; amount: Money; credited: Money; at: string; receipt: string }> | null
  surplus?: readonly Readonly<{ rail: string; amount: Money; reason: string }>[]
}>

export type Payment = Readonly<{
  id: string
  status: string
  reason: string | null
  rail: string
  paid: Money
  price: Money
  resource: string
  evidence: Readonly<Record<string, string | null>>
  receipt_url: string
  created_at: string
  changed_at: string
  payee?: string
  parts?: readonly Readonly<{ to: string; amount: string }>[]
}>

type Attempt = Readonly<{
  id: string
  rail: string
  outcome: string
  amount: Money
  fee_max: Money
  sent_at: string
  decision_id: string
  reason?: string
  detail?: string
  fee?: Money
  evidence?: Readonly<{ id: string; proof?: string }>
}>

export type Payout = Readonly<{
  id: string
  status: string
  source: string
  amount: Money
  destinations: readonly Readonly<Record<string, unknown>>[]
  reference: string
  created_by: string
  created_at: string
  attempts?: readonly Attempt[]
  decision_id?: string
  rail?: string
  fee?: Money
  evidence?: Readonly<{ id: string; proof?: string }>
  failure?: Readonly<{ code: string; reasons: readonly unknown[] }>
  netting?: Readonly<{ net: string; payouts: number; close_by: string }>
}>

export type Refund = Readonly<{
  id: string
  status: string
  receipt: string
  payment_intent: string | null
  rail: string
  amount: Money
  paid: Money
  left: Money
  sources: readonly Readonly<{ from: string; amount: Money }>[]
  way: 'balance' | 'to' | 'link'
  destination: Readonly<Record<string, unknown>> | null
  tries: readonly Readonly<{ payout: string; state: string; rail: string | null; proof: string | null; reasons: readonly string[] }>[]
  reason: string
  metadata: Readonly<Record<string, string>>
  created_by: string
  created_at: string
  expires_at: string
  ended_at: string | null
}>

export type Dispute = Readonly<{
  id: string
  payee: string
  status: string
  receipt: string
  payment_intent: string | null
  rail: string
  amount: Money
  paid: Money
  reserve: Refund['sources']
  reason: string
  note: string
  evidence: readonly Readonly<{
    text: string
    references: readonly Readonly<{ kind: string; value: string }>[]
    submitted_by: string
    submitted_at: string
  }>[]
  evidence_due_at: string
  overdue: boolean
  cause: string | null
  refund: string | null
  metadata: Readonly<Record<string, string>>
  opened_by: string
  opened_at: string
  decided_by: string | null
  decided_at: string | null
}>

export type StandingOrder = Readonly<{
  id: string
  party: string
  status: 'active' | 'paused' | 'ended'
  every: 'hour' | 'day' | 'week' | 'month'
  day: number | null
  hour: number | null
  amount: Money | null
  keep: Money
  when_above: Money | null
  fee_max: Money
  destination: Readonly<Record<string, unknown>>
  reference: string
  metadata: Readonly<Record<string, string>>
  created_at: string
  next_run_at: string | null
  last_run: Readonly<{ at: string; payout: string | null; failed: string | null }> | null
}>

export type Batch = Readonly<{
  id: string
  party: string
  status: string
  amount: Money
  fee_max: Money
  rows: number
  counts: Readonly<Record<string, number>> & Readonly<{ waiting: number }>
  plan?: Readonly<{
    cost_usd: string
    least_cost_usd: string
    one_by_one_cost_usd: string
    rows_without_way: number
    rails: readonly Readonly<{
      rail: string
      rows: number
      amount: Money
      cost_usd: string
      fixed_cost_usd: string
      good_funds_at: string
    }>[]
  }>
  deliver_by?: string
  metadata: Readonly<Record<string, string>>
  created_by: string
  created_at: string
  ended_at?: string
}>

export type BatchRow = Readonly<{
  row: number
  status: string
  amount?: Money
  reference?: string
  payout?: string
  planned_rail?: string
  rail?: string
  decision_id?: string
  sent_at?: string
  cost_usd?: string
  expected_usd?: string
  code?: string
  detail?: string
}>

/** What is done by another operator's word. */
export type SuspenseAction = Readonly<{ id: string; object: 'suspense_action' }>

/** What waits for another person's word. */
export type Approval = Readonly<{
  id: string
  object: 'approval'
  why: string
  needs: readonly string[]
  amount: Money | null
  expires_at: string
}>

/** Of an intent's offers. */
export type OfferDecision = Pick<Decision, 'id' | 'at' | 'amount' | 'worth_usd' | 'would_change_if'> &
  Readonly<{
    object: 'offer_decision'
    payment_intent_id: string
    candidates: readonly Omit<Decision['candidates'][number], 'destination'>[]
    realised?: Readonly<{ rail: string; received: Money; expected_cost_usd?: string; dearer_by_usd?: string }>
  }>

export type Decision = Readonly<{
  object: 'decision'
  id: string
  payout_id: string
  at: string
  amount: Money
  worth_usd: string
  expected_cost_usd: string
  cost_of_not_paying_usd: string
  candidates: readonly Readonly<{
    rail: string
    destination: number
    verdict: string
    why: string
    rank?: number
    fee_max?: Money
    success_ppm?: string
    good_funds_at?: string
    terms?: Readonly<Record<string, string>>
    dearer_by_usd?: string
  }>[]
  rates: readonly Readonly<{ from: string; to: string; num: string; den: string }>[]
  parts?: readonly Readonly<{ why: string }>[]
  planned?: Readonly<{ rail: string; destination: number; prefer_usd: string }>
  policy?: Readonly<{ party: string; version: number }>
  timing?: Readonly<{ why: string }>
  realised?: Readonly<{ rail: string; fee_usd: string; fee_is: 'told' | 'expected'; why: string }>
  would_change_if?: Readonly<{ term: string; now_usd: string; must_rise_by_usd: string; why: string }>
}>

export type Event = Readonly<{ id: string; type: string; created_at: string; subject: string; data: Readonly<Record<string, unknown>> }>

export type Change = Readonly<{
  n: number
  at: string
  kind: string
  amount: string
  asset: string
  debit: string
  debit_balance: string
  credit: string
  credit_balance: string
  entry: string | null
  payment: string | null
}>
export type Entry = Readonly<{ id: string; payment: string; block: number; at: string; legs: number; changes: readonly Change[] }>

export type Account = Readonly<{
  account: string
  asset: string
  asset_id: string
  debits: string
  credits: string
  debits_pending: string
  credits_pending: string
  changes: number
}>

export type Row = Readonly<{ account: string; asset: string; ledger: string; rail: string; difference: string; verdict: string }>
export type Verification = Readonly<{
  ok: boolean
  at: string
  journal: Readonly<{ blocks: number; head: string; verdict: string; detail?: string }>
  sums: readonly Readonly<{ asset: string; debits: string; credits: string; verdict: string }>[]
  rails: readonly Row[]
  splits: readonly Row[]
  suspense: readonly Row[]
}>
