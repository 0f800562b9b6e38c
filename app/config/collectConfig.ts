import { z } from 'zod'
import { dollars } from './feeConfig.ts'

/** When authorizations are collected that were taken after the work; what is left out is as in `gateway/payins/regime/holding.ts`. */
export const collectConfig = z.strictObject({
  /** How long one waits for others at most. */
  holdS: z.int().min(0).max(86_400).optional(),
  /** What costs more waits for company or a lower price: millionths of what is collected. */
  sharePpm: z.int().min(0).max(1_000_000_000).optional(),
  /** What collecting may cost above what it brings, in a day. */
  dustUsd: dollars.optional(),
})

export type CollectConfig = z.infer<typeof collectConfig>
