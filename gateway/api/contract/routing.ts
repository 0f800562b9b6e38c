import { z } from 'zod'
import { answers } from './shapes.ts'

const ppm = z.int().meta({ description: 'Millionths.' })
const times = z.strictObject({ tries: z.int(), p50_ms: z.int().optional(), p90_ms: z.int().optional(), p99_ms: z.int().optional() })
const learnedRail = z.strictObject({
  rail: z.string(),
  asset: z.string(),
  tries: z.int(),
  chance_ppm: ppm,
  rail_ppm: ppm,
  brier_ppm: ppm,
  brier_of_rail_ppm: ppm,
  ranges: z
    .array(z.strictObject({ up_to_ppm: ppm, tries: z.int(), expected_ppm: ppm, paid_ppm: ppm }))
    .meta({ description: 'Tries by the chance that was reckoned with, and how many of them were paid.' }),
  paid: times,
  failed: times,
  pace_ppm: ppm.meta({ description: 'How often the seconds that the rail says a payment takes, in millionths: 1000000 is as it says.' }),
  fees: z
    .strictObject({
      grade: z.enum(['good', 'thin', 'non_linear']),
      payments: z.int(),
      fixed_units: z.int().meta({ description: 'In the smallest units of its asset.' }),
      share_ppm: ppm,
      error_bps: z.int(),
    })
    .optional()
    .meta({ description: 'What the rail really charged, where it tells; only a good line is reckoned with.' }),
})
const learnedCell = z.strictObject({
  rail: z.string(),
  asset: z.string(),
  from: z.string(),
  country: z.string().optional(),
  band: z.int().meta({ description: 'The worth: 0 is at most ten cents, and each next one ten times as much.' }),
  chance_ppm: ppm,
  weight: z.int().meta({ description: 'On how many tries it rests, older ones weighing less.' }),
})
const learning = z
  .strictObject({
    object: z.literal('routing_learning'),
    open_tries: z.int(),
    rails: z.array(learnedRail),
    cells: z.array(learnedCell),
  })
  .meta({ id: 'RoutingLearning', description: 'What earlier tries have taught of how often each way pays.' })

const railHealth = z.strictObject({
  rail: z.string().meta({ description: "The rail, or its calls that ask payees' own servers first." }),
  state: z.enum(['well', 'resting', 'on_trial']).meta({
    description:
      '`resting`: it gave no answers and is left alone until `until`. `on_trial`: it is tried with small payments, one at a time.',
  }),
  calls_under_way: z.int(),
  silences: z.int().meta({ description: 'Calls without an answer, one after the other.' }),
  since: z.string().optional(),
  until: z.string().optional(),
  of_one_party: z
    .literal(true)
    .optional()
    .meta({ description: 'The silent calls were all of one party, so it rests for that party alone.' }),
})
const health = z
  .strictObject({ object: z.literal('routing_health'), rails: z.array(railHealth) })
  .meta({ id: 'RoutingHealth', description: 'Which rails answer now, of those that were asked since the start.' })

const bounds = z.strictObject({ now: z.string(), low: z.string(), middle: z.string(), high: z.string() }).meta({
  description: 'The price now, and what one, five and nine of ten prices of the next hour are expected not to exceed.',
})
const foretoldRail = z.strictObject({
  rail: z.string(),
  asset: z.string(),
  of: z
    .enum(['gas', 'fee'])
    .meta({ description: '`gas`: of one payment, each minute. `fee`: what the rail took of a payment, each payment.' }),
  unit: z.string().meta({ description: 'Of the prices in `foretold`: the code of an asset, or `ppm`, millionths of the amount.' }),
  seen: z.int().meta({ description: 'Prices that were seen; gas since the start.' }),
  grade: z.enum(['new', 'thin', 'good', 'off']).meta({
    description:
      '`new`: too few prices for a forecast. `thin`: it met too few to say. `off`: its bounds hold more or less often than they say.',
  }),
  foretold: bounds.optional(),
  foretold_usd: bounds.optional(),
  graded: z
    .strictObject({
      prices: z.int(),
      low_ppm: ppm,
      middle_ppm: ppm,
      high_ppm: ppm,
      error_ppm: ppm,
      error_of_last_ppm: ppm.meta({ description: 'The error of saying the last price.' }),
    })
    .optional()
    .meta({ description: 'How often a price was within each bound, and the mean relative error (pinball loss).' }),
})
const forecast = z
  .strictObject({ object: z.literal('routing_forecast'), rails: z.array(foretoldRail) })
  .meta({ id: 'RoutingForecast', description: 'What the next hour will cost on rails whose price moves. No decision is made by it.' })

const metrics = z.string().meta({ description: 'Metrics in the text format of Prometheus; docs/operating.md names each.' })

export const routingOperations = {
  'GET /v1/routing/forecast': answers('getRoutingForecast', { 200: forecast }),
  'GET /v1/routing/health': answers('getRoutingHealth', { 200: health }),
  'GET /v1/routing/learning': answers('getRoutingLearning', { 200: learning }),
  'GET /v1/routing/metrics': answers('getRoutingMetrics', { 200: metrics }, { media: ['text/plain'] }),
}
