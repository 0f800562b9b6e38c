import { createValuer } from '../../costs/valuer.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { PayoutContext } from '../payoutState/context.ts'
import type { QuotedCandidate } from '../payoutState/quotedCandidate.ts'
import { rowAt, type ScheduleRow } from '../schedules/schedule.ts'
import type { Asking } from './asking.ts'
import { quoteCandidates } from './candidates.ts'
import { type CandidateView, type PlanView, viewPlan } from './decisionView.ts'
import { hypotheticalPayout, type Wanted } from './hypotheticalPayout.ts'
import { listedCandidate } from './listedCandidate.ts'
import { makeDecision } from './makeDecision.ts'
import { partsData, partsOf } from './partsOf.ts'
import { withLearned } from './withLearned.ts'
import { withPolicy } from './withPolicy.ts'

/** `lists`: names of price lists, each a way of its own beside those to the destinations. */
type Simulated = Wanted & Readonly<{ lists: readonly string[] }>

/** A candidate, and which list it is of. */
type SimulatedCandidate = CandidateView & Readonly<{ schedule?: string; title?: string; source?: string }>
type SimulationView = Omit<PlanView, 'candidates'> & Readonly<{ candidates: readonly SimulatedCandidate[] }>

/** What a payout would be decided as now, by rails that are here and by price lists. Holds, sends and keeps nothing. */
export function createSimulations(
  context: PayoutContext,
  { schedules, asking }: Readonly<{ schedules: readonly ScheduleRow[]; asking: Asking }>,
) {
  return async (wanted: Simulated): Promise<SimulationView> => {
    const at = context.clock.now()
    const rows = wanted.lists.map((name) => listOf(schedules, name, at))
    return asking(wanted.source, () => simulate(context, wanted, { rows, at }))
  }
}

async function simulate(
  context: PayoutContext,
  wanted: Simulated,
  { rows, at }: Readonly<{ rows: readonly ScheduleRow[]; at: number }>,
): Promise<SimulationView> {
  const valuer = createValuer({ rate: context.rates.peek }, context.usd)
  const payout = hypotheticalPayout(wanted, at)
  const told = wanted.destinations.length === 0 ? [] : await quoteCandidates(payout, { ...context, valuer, slot: true })
  const asked = withLearned(context, payout, { quoted: told, valuer })
  const listed = rows.map((row, i): QuotedCandidate => {
    const place = wanted.destinations.length + i
    return {
      candidate: listedCandidate(row, { place, amount: wanted.amount, valuer, policy: context.policy.router, at }),
      quote: undefined,
    }
  })
  const { quoted, router, rule } = withPolicy(context, payout, [...asked, ...listed])
  const data = makeDecision(payout, quoted, { valuer, decide: context.policy.decide, router, ...(rule && { rule }) })
  const parts = data.order.length > 0 ? undefined : await partsOf({ ...context, valuer }, payout, { quoted: told, slot: true })
  const view = viewPlan(parts ? { ...data, parts: partsData(payout, parts) } : data, at)
  const candidates = view.candidates.map((candidate, place): SimulatedCandidate => {
    const row = rows[place - asked.length]
    return row ? { ...candidate, schedule: row.schedule, title: row.title, source: row.source } : candidate
  })
  return { ...view, candidates }
}

function listOf(schedules: readonly ScheduleRow[], name: string, at: number): ScheduleRow {
  const row = rowAt(schedules, name, at)
  if (row) return row
  const known = [...new Set(schedules.map(({ schedule }) => schedule))]
  const message = known.includes(name) ? `The price list ${name} has no row for today` : `There is no price list ${name.slice(0, 60)}`
  throw new GatewayError('invalid_request', message, { hint: `There are ${known.join(', ')}.` })
}
