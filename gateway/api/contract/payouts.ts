import { z } from 'zod'
import { NEXT_STEPS } from '../../ports/returnMeaning.ts'
import { destination } from '../http/wire.ts'
import { offerDecision } from './offerDecision.ts'
import { approval } from './people.ts'
import { quote } from './quotes.ts'
import { recall } from './recalls.ts'
import { answers, codedMoney, decimal, idempotent, idOf, listOf, metadata, pageOf, time } from './shapes.ts'

const evidence = z
  .strictObject({ rail: z.string(), id: z.string(), at: z.int(), proof: z.string().optional() })
  .meta({ id: 'Evidence', description: 'What the rail says proves it: a transaction, a preimage, a line of a statement. at in ms.' })
const outcome = z.enum(['pending', 'settled', 'failed', 'unknown'])
const byHand = z.strictObject({
  outcome: z.enum(['settled', 'failed']),
  action: idOf('sa'),
  by: z.string(),
  approved_by: z.string().optional(),
  reason: z.string(),
  evidence: z.string().optional(),
  at: time,
  overruled: z.literal(true).optional(),
})
const changed = z.array(z.string())
const attempt = z
  .strictObject({
    id: idOf('at'),
    rail: z.string(),
    destination: z.int().meta({ description: 'Which of the destinations, from 0.' }),
    outcome,
    amount: codedMoney,
    fee_max: codedMoney,
    changed: changed.optional().meta({ description: 'What it has otherwise than the first try of the same way.' }),
    sent_at: time,
    decision_id: idOf('dec'),
    stuck: z.literal(true).optional(),
    reason: z.string().optional(),
    detail: z.string().optional(),
    again: z
      .strictObject({ change: z.string(), at: time })
      .optional()
      .meta({ description: 'With which change the same way may be tried next, and from when on.' }),
    fee: codedMoney.optional(),
    evidence: evidence.optional(),
    by_hand: byHand.optional(),
    ended_by_hand: z.literal(true).optional(),
  })
  .meta({ id: 'Attempt', description: 'One try of a payout on one rail.' })
const failure = z.strictObject({
  code: z.enum(['no_rail', 'attempts_failed', 'canceled']),
  reasons: z.array(z.record(z.string(), z.unknown())),
})
const common = {
  object: z.literal('payout'),
  id: idOf('po'),
  source: z.string(),
  amount: codedMoney,
  destinations: z.array(destination),
  reference: z.string(),
  metadata,
  created_by: z.string(),
  created_at: time,
  rail: z.string().optional(),
  fee: codedMoney.optional(),
  evidence: evidence.optional(),
  payee_says: z.record(z.string(), z.string()).optional().meta({ description: 'What a Lightning Address shows whom it was paid by.' }),
}
const returned = z.strictObject({
  at: time,
  amount: codedMoney,
  credited: codedMoney,
  reason: z.string().optional().meta({ description: "The rail's own code." }),
  meaning: z
    .strictObject({ words: z.string(), next: z.enum(NEXT_STEPS) })
    .optional()
    .meta({ description: 'What that code means, and what is to be done before it is paid again.' }),
})
const alone = z.strictObject({
  ...common,
  status: z.enum(['scheduled', 'processing', 'settled', 'partly_settled', 'failed', 'outcome_unknown', 'returned']),
  send_at: time.optional(),
  deliver_by: time.optional(),
  cheapest_by: time.optional().meta({ description: 'It waits for the cheapest time until then; scheduled meanwhile.' }),
  cancel_asked: z.literal(true).optional(),
  fee_bearer: z.enum(['payer', 'payee']).optional(),
  fee_fixed: codedMoney
    .optional()
    .meta({ description: 'What the source is charged beside the amount when it is paid, whatever the rail takes.' }),
  quote: idOf('qt').optional().meta({ description: 'The quote that it was made by: its payee gets exactly what that says.' }),
  attempts: z.array(attempt),
  decision_id: idOf('dec').optional(),
  exceptions: z.array(z.unknown()),
  failure: failure.optional(),
  returned: returned.optional(),
  parts: z
    .array(z.strictObject({ id: idOf('po'), status: z.string(), amount: codedMoney, rail: z.string().optional() }))
    .optional()
    .meta({ description: 'The payouts that pay it, where it was too much for each way. Their amounts sum to its own.' }),
  paid: codedMoney
    .optional()
    .meta({ description: 'What its parts have paid. The rest of a partly_settled payout is on the balance again.' }),
  part_of: idOf('po').optional().meta({ description: 'The payout that it is a part of.' }),
})
const netting = z.strictObject({
  net: idOf('nt'),
  payouts: z.int(),
  close_by: time,
  closed: z.string().optional(),
  paid_by: idOf('po').optional(),
  expected_saved_usd: decimal.optional(),
})
const together = z.strictObject({
  ...common,
  status: z.enum(['collecting', 'processing', 'outcome_unknown', 'settled', 'failed', 'returned']),
  netting,
})
const asked = z.strictObject({
  ...common,
  status: z.enum(['needs_approval', 'approved', 'refused', 'expired']),
  approval: idOf('ap'),
})
const payout = z.union([alone, together, asked]).meta({ id: 'Payout' })

const candidate = z.strictObject({
  rail: z.string(),
  destination: z.int(),
  verdict: z.string(),
  why: z.string(),
  rank: z.int().optional(),
  amount: codedMoney.optional(),
  fee_max: codedMoney.optional(),
  changed: changed.optional().meta({ description: 'What it has otherwise than the first try of the same way, which failed.' }),
  success_ppm: z.string().optional(),
  rail_ppm: z.string().optional().meta({ description: 'The chance as the rail says it, where earlier tries taught another.' }),
  rail_seconds: z
    .string()
    .optional()
    .meta({ description: 'Its seconds to good funds as the rail says them, where earlier payments taught other ones.' }),
  rail_fee_usd: z
    .string()
    .optional()
    .meta({ description: 'Its fee as the rail says it, where earlier payments or the operator say another.' }),
  good_funds_at: time
    .optional()
    .meta({ description: 'When the payee has good funds if it is tried now and pays, on the rail’s own calendar.' }),
  terms: z.record(z.string(), decimal).optional(),
  dearer_by_usd: decimal.optional(),
  inputs: z.strictObject({ seconds_to_funds: z.string(), seconds_to_fail: z.string(), available_usd: decimal }).optional(),
  reason: z.string().optional(),
})
const realised = z
  .strictObject({
    rail: z.string(),
    fee_usd: decimal,
    fee_is: z.enum(['told', 'expected']),
    waited_seconds: z.string(),
    cost_usd: decimal,
    expected_usd: decimal,
    regret_usd: decimal,
    why: z.string(),
  })
  .meta({ description: 'Once it is paid: what it came to, and by how much another way was reckoned to cost less.' })
const wouldChange = z.strictObject({
  term: z.string(),
  now_usd: decimal,
  must_rise_by_usd: decimal,
  in_favour_of: z.int().nullable(),
  why: z.string(),
})
const plan = {
  at: time,
  amount: codedMoney,
  worth_usd: decimal,
  attempts_max: z.int(),
  expected_cost_usd: decimal,
  cost_of_not_paying_usd: decimal,
  cheapest_first_cost_usd: decimal
    .optional()
    .meta({ description: 'What the cheapest fee first would be expected to cost, by the same terms.' }),
  order: z.array(z.int()),
  would_change_if: wouldChange.optional(),
  policy: z
    .strictObject({ party: idOf('pa'), version: z.int() })
    .optional()
    .meta({ description: 'The routing policy that it was judged by.' }),
  planned: z
    .strictObject({ rail: z.string(), destination: z.int(), prefer_usd: decimal })
    .optional()
    .meta({ description: 'By which way the plan of its batch has it paid; another one had to cost so much less.' }),
  parts: z
    .array(z.strictObject({ rail: z.string(), destination: z.int(), amount: codedMoney, expected_cost_usd: decimal, why: z.string() }))
    .optional()
    .meta({ description: 'In which parts it is paid, where it is too much for each way.' }),
  timing: z
    .strictObject({ cheapest_by: time, reason: z.string(), why: z.string(), cost_usd: decimal, lowest_usd: decimal.optional() })
    .optional()
    .meta({ description: 'Why it was sent when it was, where it could wait for a cheaper time.' }),
  prices: z.strictObject({ wait_nano_per_second: z.string(), capital_ppt_per_second: z.string() }).optional(),
  rates: z.array(z.record(z.string(), z.unknown())),
}
const simulation = z
  .strictObject({
    object: z.literal('simulation'),
    ...plan,
    candidates: z.array(candidate.extend({ schedule: z.string().optional(), title: z.string().optional(), source: z.string().optional() })),
  })
  .meta({ id: 'Simulation', description: 'What a payout would be decided as now. Nothing is held, sent or kept.' })
const routingPolicy = z
  .strictObject({
    object: z.literal('routing_policy'),
    party: idOf('pa'),
    version: z.int().meta({ description: '0 where nothing was ever said.' }),
    allow: z.array(z.string()),
    forbid: z.array(z.string()),
    prefer: z.array(z.string()),
    prefer_by_usd: decimal,
    wait_percent: z.int(),
    fee_max_usd: decimal.optional(),
    attempts_max: z.int().optional(),
    parts_max: z.int().optional(),
  })
  .meta({ id: 'RoutingPolicy', description: 'How a party wants its payouts to go. Each change is a version more, which decisions name.' })
const hourOfRail = z
  .strictObject({
    hour: time,
    rail: z.string(),
    chosen: z.int().meta({ description: 'Plans that tried it first.' }),
    sent: z.int(),
    settled: z.int(),
    failed: z.int(),
    expected_cost_usd: decimal.meta({ description: 'What those plans were expected to cost.' }),
    cheapest_first_cost_usd: decimal.meta({ description: 'What the cheapest fee first would have been expected to cost.' }),
  })
  .meta({ id: 'RailHour', description: 'What came of one rail in one hour, of tries that ended in it.' })
const policyDryRun = z.strictObject({
  object: z.literal('routing_policy_dry_run'),
  decisions: z.int(),
  otherwise: z.int().meta({ description: 'How many would have begun with another way.' }),
  excluded: z.int().meta({ description: 'How many would have had no way; they are in neither sum.' }),
  rules: z.array(z.string()),
  costs_more_usd: decimal.meta({ description: 'By the operator’s prices; negative when it would have cost less.' }),
  slower_s: z.string(),
  whole: z.boolean().meta({
    description:
      'False where more was paid in the week than is looked at: the newest 200 of its decisions, among the newest 1,000 payouts of all.',
  }),
  not_here: z
    .array(z.string())
    .meta({ description: 'What the policy names and no rail here is: another network’s, or a slip of the pen.' }),
  why: z.string(),
})
const decision = z
  .strictObject({
    object: z.literal('decision'),
    id: idOf('dec'),
    payout_id: idOf('po'),
    ...plan,
    candidates: z.array(candidate),
    realised: realised.optional(),
  })
  .meta({ id: 'Decision', description: 'Why a payout took the rail it took: each candidate with its cost in full.' })

const along = { decision: decision.optional().meta({ description: 'With expand=decision.' }) }
const listedPayout = z.union([alone.extend(along), together.extend(along)]).meta({ id: 'ListedPayout' })

const heldInvoice = z.strictObject({
  kind: z.literal('held_invoice'),
  invoice: z.string(),
  payment_hash: z.string(),
  network: z.string(),
  amount: codedMoney,
  fee: codedMoney,
  expires_at: time,
})
const byIntent = z.strictObject({
  kind: z.literal('payment_intent'),
  intent: idOf('pi'),
  amount: codedMoney,
  expires_at: time,
  refund_to: z.array(destination),
})
const leg = z.strictObject({
  id: idOf('po'),
  state: z.string(),
  amount: codedMoney,
  destinations: z.array(destination),
  reference: z.string(),
})
const exchange = z
  .strictObject({
    object: z.literal('exchange'),
    id: idOf('ex'),
    status: z.string(),
    party: idOf('pa'),
    created_by: z.string(),
    created_at: time,
    pay: z.discriminatedUnion('kind', [heldInvoice, byIntent]),
    payout: leg,
    metadata,
    held_at: time.optional(),
    decide_by: time.optional(),
    returned: z.string().optional(),
    refund: idOf('po').optional(),
    exceptions: z.array(z.unknown()),
  })
  .meta({ id: 'Exchange', description: 'A payment on one rail that is taken only if a payout on another is made.' })

export const payoutOperations = {
  'POST /v1/payouts': idempotent('createPayout', { 201: payout, 202: approval }, { refuses: [502] }),
  'GET /v1/payouts': answers('listPayouts', { 200: pageOf(listedPayout) }),
  'GET /v1/payouts/:id': answers('getPayout', { 200: payout }),
  'POST /v1/payouts/:id/cancel': idempotent('cancelPayout', { 200: payout }),
  'POST /v1/payouts/:id/recalls': idempotent('recallPayout', { 201: recall }),
  'GET /v1/payouts/:id/recalls': answers('listPayoutRecalls', { 200: listOf(recall) }),
  'GET /v1/decisions/:id': answers('getDecision', { 200: z.union([decision, offerDecision]) }),
  'GET /v1/parties/:id/routing_policy': answers('getRoutingPolicy', { 200: routingPolicy }),
  'POST /v1/parties/:id/routing_policy': idempotent('setRoutingPolicy', { 200: routingPolicy }),
  'POST /v1/parties/:id/routing_policy/dry_run': answers('tryRoutingPolicy', { 200: policyDryRun }),
  'GET /v1/routing/performance': answers('listRoutingPerformance', { 200: listOf(hourOfRail) }),
  'POST /v1/routing/simulate': answers('simulateRouting', { 200: simulation }, { refuses: [502] }),
  'POST /v1/quotes': idempotent('createQuote', { 201: quote }, { refuses: [404, 502] }),
  'GET /v1/quotes': answers('listQuotes', { 200: pageOf(quote) }),
  'GET /v1/quotes/:id': answers('getQuote', { 200: quote }),
  'POST /v1/exchanges': idempotent('createExchange', { 201: exchange, 202: approval }, { refuses: [502] }),
  'GET /v1/exchanges': answers('listExchanges', { 200: pageOf(exchange) }),
  'GET /v1/exchanges/:id': answers('getExchange', { 200: exchange }),
}
