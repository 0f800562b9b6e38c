import { z } from 'zod'

const hexBytes = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))
const height = z.int().nonnegative()

/** `GET /blocks?after=height` of a chain server: the tip always, and the next blocks in order. Hashes in internal byte order, all in hex. */
export const blocksAnswer = z.object({
  network: z.string(),
  tip: z.object({ height, hash: hexBytes(32) }),
  blocks: z.array(z.object({ height, header: hexBytes(80), txs: z.array(z.string().regex(/^(?:[0-9a-f]{2})+$/)) })).max(1_000),
})

export type BlocksAnswer = z.infer<typeof blocksAnswer>
