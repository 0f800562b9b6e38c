import type { Asset } from '../../../gateway/money/asset.ts'
import { sameAsset } from '../../../gateway/money/asset.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import type { RailLog } from '../node/railLog.ts'
import { RpcSilent } from '../node/rpc.ts'
import type { Placed } from './translate.ts'

export type SecondWord = ReturnType<typeof createSecondWord>

/** Whole tokens that may come in on the word of one endpoint where two are configured, until the other has spoken again. */
const ALONE_TOKENS_MAX = 10n

/**
 * Two endpoints of which one is silent are no majority: what comes in while one stands alone is bounded in sum, and waits beyond. `both`
 * answers only when both do; it is there where two are configured.
 */
export function createSecondWord({ both, asset, log }: Readonly<{ both: Chain | undefined; asset: Asset; log: RailLog }>) {
  const most = ALONE_TOKENS_MAX * 10n ** BigInt(asset.scale)
  let alone = 0n
  let waiting = false

  return {
    /** Throws RpcSilent when these credits are too much for the word of one. */
    async require(items: readonly Placed[]): Promise<void> {
      const credits = items.filter(({ settlement: { kind, amount } }) => kind === 'received' && sameAsset(amount.asset, asset))
      if (!both || credits.length === 0) return
      const blocks = new Map(credits.map(({ settlement, blockHash }) => [settlement.proof, blockHash]))
      try {
        const receipts = await Promise.all(
          [...blocks].map(async ([hash, block]) => (await both.receipt(hash as Hex))?.blockHash === block), // the hash of its transaction
        )
        if (!receipts.every(Boolean)) throw new RpcSilent('a payment moved while it was read')
        alone = 0n
        waiting = false
      } catch (error) {
        if (!(error instanceof RpcSilent)) throw error
        const sum = credits.reduce((total, { settlement }) => total + settlement.amount.units, alone)
        if (sum <= most) {
          alone = sum
          return
        }
        if (!waiting)
          log('error', 'payments wait for the second endpoint: one alone is not believed for so much', { units: sum.toString() })
        waiting = true
        throw error
      }
    },
  }
}
