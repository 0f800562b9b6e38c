import { z } from 'zod'
import { QUOTE_STATES } from '../../payouts/quotes/quote.ts'
import { destination } from '../http/wire.ts'
import { codedMoney, decimal, idOf, integerText, metadata, time } from './shapes.ts'

const rate = z
  .strictObject({ from: z.string(), to: z.string(), num: integerText, den: integerText, observed_at: time, source: z.string() })
  .meta({ id: 'QuotedRate', description: 'What the market said: num smallest units of to for den of from, before the spread.' })
const way = z.strictObject({
  rail: z.string(),
  destination: z.int().meta({ description: 'Which of the destinations, from 0.' }),
  rank: z.int().optional().meta({ description: 'In which order it would be tried, from 1.' }),
  cost_usd: decimal.optional(),
  reason: z.string().optional(),
  detail: z.string().optional(),
})

export const quote = z
  .strictObject({
    object: z.literal('quote'),
    id: idOf('qt'),
    status: z.enum(QUOTE_STATES),
    party: idOf('pa'),
    side: z.enum(['send', 'receive']).meta({ description: 'Which amount was asked for, and is exact.' }),
    send: codedMoney.meta({ description: 'All that leaves the balance: amount, and fee besides.' }),
    amount: codedMoney,
    fee: codedMoney.meta({ description: 'What payer or payee bears; nothing where the operator does.' }),
    receive: codedMoney.meta({ description: 'What the payee gets, in the asset of the rail.' }),
    fee_bearer: z.enum(['platform', 'payer', 'payee']),
    rail_cost: codedMoney.meta({ description: 'What the rail is expected to take, whoever bears it; gas is a part of it.' }),
    gas: codedMoney,
    spread: codedMoney.meta({ description: 'The part of amount that is paid for the promise: beyond what the market asks.' }),
    spread_ppm: integerText,
    rate: rate.optional(),
    rail: z.string().meta({ description: 'Which rail would be tried first.' }),
    destination: z.int(),
    ways: z.array(way),
    destinations: z.array(destination),
    metadata,
    created_by: z.string(),
    created_at: time,
    expires_at: time.meta({ description: 'From then on it cannot be used.' }),
    send_by: time.meta({ description: 'A payout of it that no rail could be told of by then is given back.' }),
    payout: idOf('po').optional(),
  })
  .meta({ id: 'Quote', description: 'What a payout will cost and bring, promised until expires_at and used once.' })
