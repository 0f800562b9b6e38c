import { z } from 'zod'

/** A time in RFC 3339 with a zone, in ns since 1970: the ledger's clock. */
const pastTime = z.iso.datetime({ offset: true }).transform((text) => BigInt(Date.parse(text)) * 1_000_000n)

const size = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

export const balancesQuery = z.strictObject({
  prefix: z.string().max(200).default(''),
  at: pastTime.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})

export const historyQuery = z.strictObject({
  path: z.string().min(1).max(200),
  asset: z.string().min(1).max(120),
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})

export const metadataQuery = z.strictObject({ key: z.string().min(1).max(40), value: z.string().max(500) })

export const consistencyQuery = z.strictObject({ from: size, to: size })
