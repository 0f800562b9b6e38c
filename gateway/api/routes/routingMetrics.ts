import { Counter, Gauge, Registry } from 'prom-client'
import type { Payouts } from '../../payouts/payout/payouts.ts'

const PPM = 1_000_000
const STATES = ['well', 'resting', 'on_trial'] as const
const ENDS: readonly string[] = ['sent', 'settled', 'failed']

type Told = Pick<Payouts, 'learning' | 'health' | 'totals'>
type Labels = Readonly<Record<string, string>>
type Put = (labels: Labels, value: number) => void

/**
 * What routing counts, as Prometheus scrapes it. All is read when it is asked for, from what the rooms know anyway, so no payment waits for it; labels are
 * rails, assets and words of ours, never a party or a payee, so there are as many series as the operator has rails.
 */
export async function routingMetrics(payouts: Told): Promise<Readonly<{ type: string; text: string }>> {
  const registry = new Registry()
  addTotals(registry, payouts.totals())
  addHealth(registry, payouts.health())
  addLearning(registry, payouts.learning())
  return { type: registry.contentType, text: await registry.metrics() }
}

function addTotals(registry: Registry, totals: ReturnType<Told['totals']>): void {
  const first = counter(registry, 'plans_total', 'Plans of payouts, by the rail that they try first.', ['rail'])
  const ways = counter(registry, 'ways_total', 'Ways in plans of payouts, by what the plan said of them.', ['rail', 'verdict'])
  const tries = counter(registry, 'tries_total', 'Tries of payouts, by what became of them; sent counts all.', ['rail', 'outcome'])
  for (const { rail, of, count } of totals) {
    if (of === 'first') first({ rail }, count)
    else if (ENDS.includes(of)) tries({ rail, outcome: of }, count)
    else ways({ rail, verdict: of }, count)
  }
}

function addHealth(registry: Registry, health: ReturnType<Told['health']>): void {
  const breaker = gauge(registry, 'breaker_state', '1 for the state that the breaker of a rail is in, 0 for the others.', ['rail', 'state'])
  const calls = gauge(registry, 'calls_under_way', 'Calls to a rail that have not ended.', ['rail'])
  const silences = gauge(registry, 'silences', 'Calls to a rail without an answer, one after the other.', ['rail'])
  for (const { rail, state: now, callsUnderWay, silences: silent } of health) {
    for (const state of STATES) breaker({ rail, state }, now === state ? 1 : 0)
    calls({ rail }, callsUnderWay)
    silences({ rail }, silent)
  }
}

function addLearning(registry: Registry, { openTries, rails }: ReturnType<Told['learning']>): void {
  const by = ['rail', 'asset']
  const byRange = [...by, 'chance_le']
  gauge(registry, 'open_tries', 'Tries without an outcome.', [])({}, openTries)
  const learned = counter(registry, 'learned_tries_total', 'Tries that chances were learned from.', by)
  const chance = gauge(registry, 'chance_ratio', 'The learned chance of a try, for a party that has tried nothing.', by)
  const word = gauge(registry, 'rail_chance_ratio', 'The chance that the rail mostly says.', by)
  const brier = gauge(registry, 'brier_score', 'Mean squared error of the chances that were reckoned with.', by)
  const brierOfRail = gauge(registry, 'rail_brier_score', 'Mean squared error of the chances that the rail said.', by)
  const tries = counter(registry, 'calibration_tries_total', 'Tries, by the range of the chance that was reckoned with.', byRange)
  const expected = gauge(registry, 'calibration_expected_ratio', 'The mean chance that was reckoned with.', byRange)
  const paid = gauge(registry, 'calibration_paid_ratio', 'The share of tries that were paid.', byRange)
  for (const row of rails) {
    const { rail, asset, ranges } = row
    learned({ rail, asset }, row.tries)
    chance({ rail, asset }, row.chancePpm / PPM)
    word({ rail, asset }, row.railPpm / PPM)
    brier({ rail, asset }, row.brierPpm / PPM)
    brierOfRail({ rail, asset }, row.brierOfRailPpm / PPM)
    for (const range of ranges) {
      const labels = { rail, asset, chance_le: `${range.upToPpm / PPM}` }
      tries(labels, range.tries)
      expected(labels, range.expectedPpm / PPM)
      paid(labels, range.paidPpm / PPM)
    }
  }
}

function counter(registry: Registry, name: string, help: string, labelNames: string[]): Put {
  const made = new Counter({ name: `switchyard_routing_${name}`, help, labelNames, registers: [registry] })
  return (labels, value) => made.inc(labels, value)
}

function gauge(registry: Registry, name: string, help: string, labelNames: string[]): Put {
  const made = new Gauge({ name: `switchyard_routing_${name}`, help, labelNames, registers: [registry] })
  return (labels, value) => made.set(labels, value)
}
