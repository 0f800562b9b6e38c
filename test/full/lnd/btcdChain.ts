import { type BlocksAnswer, blocksAnswer } from '../../../adapters/lightning/embedded/ldk/wire.ts'
import { jsonServer } from '../../../world/lightning/jsonServer.ts'
import type { Btcd } from './btcd.ts'

const BLOCKS_PER_ANSWER = 100
const HEADER_HEX = 160

/** btcd's chain behind the door that the embedded node reads: `GET /blocks?after=height` and `POST /tx`. */
export async function serveBtcdChain(btcd: Pick<Btcd, 'rpc' | 'height'>): Promise<{ url: string; close: () => void }> {
  return jsonServer({
    'GET /blocks': async ({ query }): Promise<BlocksAnswer> => {
      const after = Number(query.get('after') ?? '-1') // A height.
      const tip = await btcd.height()
      const heights = Array.from({ length: Math.max(0, Math.min(tip - after, BLOCKS_PER_ANSWER)) }, (_, i) => after + 1 + i)
      const [tipHash, blocks] = await Promise.all([
        btcd.rpc<string>('getblockhash', tip),
        Promise.all(heights.filter((height) => height >= 0).map((height) => blockAt(btcd, height))),
      ])
      return blocksAnswer.parse({ network: 'regtest', tip: { height: tip, hash: reversed(tipHash) }, blocks })
    },
    'POST /tx': async ({ body }) => ({ txid: await btcd.rpc<string>('sendrawtransaction', body) }),
  })
}

async function blockAt({ rpc }: Pick<Btcd, 'rpc'>, height: number) {
  const hash = await rpc<string>('getblockhash', height)
  const [raw, { rawtx }] = await Promise.all([rpc<string>('getblock', hash, 0), rpc<{ rawtx: { hex: string }[] }>('getblock', hash, 2)])
  return { height, header: raw.slice(0, HEADER_HEX), txs: rawtx.map(({ hex }) => hex) }
}

/** Explorers and RPC print a hash reversed. */
function reversed(hash: string): string {
  return Buffer.from(hash, 'hex').reverse().toString('hex')
}
