import { z } from 'zod'
import { MOVEMENT_KINDS } from '../../audit/statements/story.ts'
import { answers, decimal, idOf, time } from './shapes.ts'

const worth = z
  .strictObject({
    amount: decimal,
    asset: z.string(),
    rate_source: z.string().meta({ description: 'The set of prices (rt_), the authority and its day, or configuration for a constant.' }),
    rate_at: time.nullable().meta({ description: 'Of when the rate is; null for a constant, which has no time.' }),
  })
  .meta({ id: 'Worth', description: 'What an amount was worth when it moved, by the last rate that was written before.' })

const movement = z
  .strictObject({
    at: time,
    date: z.iso.date().meta({ description: 'Its day in the time zone of the statement.' }),
    kind: z.enum(MOVEMENT_KINDS),
    amount: decimal.meta({ description: 'Negative where it went.' }),
    asset: z.string(),
    asset_id: z.string(),
    balance: decimal.meta({ description: 'In this asset, after it.' }),
    of: z.string().nullable().meta({ description: 'The intent, receipt, payout, refund or other thing that it is of.' }),
    reference: z.string(),
    description: z.string(),
    entry: idOf('en'),
    worth: worth.nullable().meta({ description: 'null where no rate was known then.' }),
  })
  .meta({ id: 'StatementMovement' })

const balance = z
  .strictObject({ asset: z.string(), asset_id: z.string(), opening: decimal, in: decimal, out: decimal, closing: decimal })
  .meta({ id: 'StatementBalance', description: 'One asset: opening, and in less out, is closing.' })

const statement = z
  .strictObject({
    object: z.literal('statement'),
    party: idOf('pa'),
    from: z.iso.date(),
    to: z.iso.date(),
    time_zone: z.string(),
    status: z.enum(['final', 'preliminary']).meta({ description: 'preliminary: the period has not ended, or did less than a minute ago.' }),
    until: time.meta({ description: 'What is in it is from before this.' }),
    value_currency: z.string(),
    balances: z.array(balance),
    data: z.array(movement).meta({ description: 'Asset by asset in the order of balances, the oldest first.' }),
    has_more: z.boolean(),
    next: z.string().optional(),
  })
  .meta({ id: 'Statement', description: 'What moved on the balances of a party in a period of days.' })

const MEDIA = { media: ['application/json', 'text/csv', 'application/xml', 'text/plain'] } as const

const line = z
  .strictObject({
    source: z.enum(['fees_earned', 'fees_paid', 'conversion', 'losses', 'owner']),
    account: z.string(),
    asset: z.string(),
    asset_id: z.string(),
    amount: decimal,
    value: decimal.nullable().meta({ description: 'At the rates of each movement; null where one was missing.' }),
  })
  .meta({ id: 'ProfitLine' })

const ownValue = z.strictObject({ own_before: decimal, own_after: decimal, revaluation: decimal })
const profit = z
  .strictObject({
    object: z.literal('profit'),
    from: z.iso.date(),
    to: z.iso.date(),
    time_zone: z.string(),
    status: z.enum(['final', 'preliminary']),
    until: time,
    currency: z.string(),
    own_before: decimal.meta({ description: 'What was the operator’s own, at the rates of then; with profit and owner it is own_after.' }),
    own_after: decimal,
    profit: decimal.meta({ description: 'All lines but those of owner, and what rates have changed.' }),
    owner: decimal.meta({ description: 'What the operator brought, less what the operator took.' }),
    unpriced: z.array(z.string()).meta({ description: 'Assets that lack a rate for any part of the period: they are in no sum above.' }),
    lines: z.array(line),
    assets: z.array(
      z.strictObject({
        asset: z.string(),
        asset_id: z.string(),
        own_before: decimal,
        own_after: decimal,
        value: ownValue.nullable().meta({ description: 'revaluation: by how much rates have changed what is own.' }),
      }),
    ),
  })
  .meta({ id: 'Profit', description: 'What the operator has earned in a period of days.' })

const CSV = { media: ['text/csv'] } as const

export const statementOperations = {
  'GET /v1/ledger/accounting': answers('getAccountingJournal', { 200: z.string().meta({ description: 'CSV, two lines a leg.' }) }, CSV),
  'GET /v1/ledger/profit': answers('getProfit', { 200: profit }),
  'GET /v1/statements': answers('getStatement', { 200: statement }, MEDIA),
}
