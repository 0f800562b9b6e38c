import { GatewayError } from '../../errors/gatewayError.ts'
import type { Asset } from '../../money/asset.ts'

const SHOWN_MAX = 60

/** The asset that is meant by its id or its code, the first of them. Throws `unknown_asset`. */
export function assetNamed(assets: readonly Asset[], name: string): Asset {
  const found = assets.find(({ id, code }) => id === name || code === name)
  if (!found) throw new GatewayError('unknown_asset', `There is no asset ${name.slice(0, SHOWN_MAX)} here`)
  return found
}
