import { z } from 'zod'
import { partyId, wholePage } from '../http/wire.ts'

const STATEMENT_FORMATS = ['json', 'csv', 'camt053', 'mt940'] as const
export type StatementFormat = (typeof STATEMENT_FORMATS)[number]

/** Days and the zone that they are days of. */
const periodQuery = {
  from: z.iso.date().meta({ description: 'The first day.' }),
  to: z.iso.date().meta({ description: 'The last day, which is in it. At most 366 days.' }),
  time_zone: z
    .string()
    .min(1)
    .max(60)
    .default('UTC')
    .meta({ description: 'Where a day begins: a name of the IANA database, such as Europe/Berlin.' }),
}

/** Rows of a mapping of accounts: with what else a URL has, it is below what servers take. */
const ACCOUNTS_MAX = 8_000

export const accountingQuery = z.strictObject({
  ...periodQuery,
  accounts: z.string().min(1).max(ACCOUNTS_MAX).optional().meta({
    description:
      'What the bookkeeper calls ours: party=1600,rail:bank@EUR=1201. Of all whose path begins so; the longest counts. Without it, all have their own names.',
  }),
})
export const profitQuery = z.strictObject(periodQuery)

export const statementQuery = z.strictObject({
  party: partyId.optional().meta({ description: 'Whose. A party reads its own without it.' }),
  ...periodQuery,
  asset: z.string().max(100).optional().meta({ description: 'In one asset; camt053 and mt940 need one, and a currency.' }),
  format: z
    .enum(STATEMENT_FORMATS)
    .optional()
    .meta({ description: 'Without it as Accept says: text/csv, application/xml (camt053), else JSON. Only JSON has pages.' }),
  limit: wholePage,
  after: z
    .string()
    .regex(/^[0-9]{1,10}-[0-9]{1,20}$/, 'is not what `next` of a page says')
    .optional(),
})
