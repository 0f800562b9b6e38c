import { z } from 'zod'
import { answers, decimal, integerText, listOf, time } from './shapes.ts'

const source = z.strictObject({
  source: z.string().meta({ description: 'An exchange, by its name.' }),
  verdict: z
    .enum(['used', 'old', 'ahead', 'crossed', 'wide', 'still', 'outlier', 'failed', 'not_asked'])
    .or(z.string())
    .meta({ description: 'What became of its word the last time: used, or why it is not counted.' }),
  bid: decimal.optional(),
  ask: decimal.optional(),
  heard_at: time.optional(),
  said_at: time.optional().meta({ description: 'Its own time, where it says one.' }),
  fault: z.string().optional().meta({ description: 'What was wrong when it was asked last; for operators.' }),
})

const rate = z
  .strictObject({
    object: z.literal('rate'),
    asset: z.string().meta({ description: 'BTC, ETH, EUR, USDC, or a chain’s coin such as POL: one whole unit of it.' }),
    in: z.literal('USD'),
    status: z.enum(['live', 'fixed', 'unavailable']).meta({
      description: 'live: by exchanges. fixed: as configured, for ever. unavailable: nothing is priced by it now, and reason says why.',
    }),
    value: decimal
      .optional()
      .meta({ description: 'Dollars; the median of the middles of bid and ask. Cut off after 12 places: exact is exact.' }),
    bid: decimal.optional(),
    ask: decimal.optional(),
    exact: z.strictObject({ num: integerText, den: integerText }).optional(),
    observed_at: time.optional(),
    age_s: z.int().optional(),
    snapshot: z
      .string()
      .optional()
      .meta({ description: 'The source of each rate that is made of these prices, as decisions and quotes name it.' }),
    off_peg: z.boolean().optional().meta({ description: 'A coin of one dollar that is away from it, and priced as what it is.' }),
    reason: z.enum(['not_yet', 'too_few', 'too_old', 'apart', 'jump', 'off_peg']).or(z.string()).optional(),
    detail: z.string().optional(),
    since: time.optional(),
    sources: z.array(source),
  })
  .meta({ id: 'Rate', description: 'What one whole unit of an asset costs in dollars.' })

export const rateOperations = { 'GET /v1/rates': answers('listRates', { 200: listOf(rate) }) }
