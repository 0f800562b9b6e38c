import { z } from 'zod'

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, '0x and 40 hex digits')
  .transform((text) => text as `0x${string}`)

/** Chainlink's feeds on a chain: whose price each says, in dollars, and how often it is written at least. */
export const feedsConfig = z.strictObject({
  /** Of a rollup: the feed that says whether its sequencer runs. */
  uptime: address.optional(),
  feeds: z
    .array(z.strictObject({ of: z.enum(['BTC', 'ETH', 'EUR', 'USDC', 'POL', 'AVAX']), address, heartbeatS: z.int().min(30).max(172_800) }))
    .min(1)
    .max(6)
    .refine((feeds) => new Set(feeds.map(({ of }) => of)).size === feeds.length, 'one feed of each'),
})
