import { z } from 'zod'
import { REORG_DEPTH_MAX } from '../../adapters/lightning/embedded/ldk/knownBlocks.ts'
import type { BlocksAnswer } from '../../adapters/lightning/embedded/ldk/wire.ts'
import type { Route } from './jsonServer.ts'
import type { RegtestChain } from './regtestChain.ts'

/** Below every client's patience. */
const CHANGE_MS = 3_000
const blockHash = z.string().regex(/^[0-9a-f]{64}$/)
const BLOCKS_AT_ONCE_MAX = 1_000
const mineRequest = z.strictObject({ n: z.int().min(1).max(BLOCKS_AT_ONCE_MAX) })
// The world's own nodes refuse a deeper one.
const reorgRequest = z.strictObject({ depth: z.int().min(1).max(REORG_DEPTH_MAX), forget: z.boolean().default(false) })
const after = z.string().regex(/^-?\d{1,16}$/)

/** Resolves once the tip is another block than this one, or after a while. */
function changed(chain: RegtestChain, tip: string): Promise<Record<string, never>> {
  return new Promise((resolve) => {
    const answer = () => {
      clearTimeout(timer)
      stop()
      resolve({})
    }
    const timer = setTimeout(answer, CHANGE_MS)
    const stop = chain.onBlock(answer)
    if (hex(chain.tip().hash) !== tip) answer()
  })
}

/**
 * The chain's door: `GET /blocks?after=height`, `GET /change?tip=hash` (answers when the tip is another), `POST /tx` with a transaction in hex, `POST /mine
 * {n}`, `POST /reorg {depth, forget}`.
 */
export function chainRoutes(chain: RegtestChain): Record<string, Route> {
  return {
    'GET /blocks': ({ query }): BlocksAnswer => {
      const { tip, blocks } = chain.blocksAfter(Number(after.parse(query.get('after'))))
      return {
        network: 'regtest',
        tip: { height: tip.height, hash: hex(tip.hash) },
        blocks: blocks.map(({ height, header, txs }) => ({ height, header: hex(header), txs: txs.map(hex) })),
      }
    },
    'GET /change': ({ query }) => changed(chain, blockHash.parse(query.get('tip'))),
    'POST /tx': ({ body }) => ({ txid: chain.submit(Buffer.from(body, 'hex')) }),
    'POST /mine': ({ body }) => {
      chain.mine(mineRequest.parse(JSON.parse(body)).n)
      return { height: chain.tip().height }
    },
    'POST /reorg': ({ body }) => {
      const { depth, forget } = reorgRequest.parse(JSON.parse(body))
      chain.reorganise(depth, { forget })
      return { height: chain.tip().height }
    },
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
