import type { Asset } from '../../../gateway/money/asset.ts'
import { unitOf } from '../peopleAmount.ts'

/** What to call each asset in a table: its code, with its chain where two have the same one. By ledger. */
export function assetNames(assets: Iterable<Asset>): (asset: Asset) => string {
  const byLedger = new Map([...assets].map((asset) => [asset.ledger, asset]))
  const named = (code: string) => [...byLedger.values()].filter((asset) => asset.code === code).length
  const names = new Map(
    [...byLedger.values()].map((asset) => [asset.ledger, named(asset.code) > 1 ? withChain(asset) : unitOf(asset).code]),
  )
  return (asset) => names.get(asset.ledger) ?? unitOf(asset).code
}

/** "USDC eip155:8453": the chain is the first part of a CAIP-19 id. */
function withChain({ code, id }: Asset): string {
  return `${code} ${id.split('/')[0]}`
}
