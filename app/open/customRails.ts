import { STRIPE_RAIL } from '../../adapters/stripe/destination.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { type Asset, BTC, EUR, sameAsset } from '../../gateway/money/asset.ts'
import type { CustomRail } from '../../gateway/ports/customRail.ts'
import { CUSTOM_RAIL } from '../../gateway/ports/railName.ts'
import type { Receiver } from '../../gateway/ports/receiver.ts'
import type { GatewayConfig } from '../config/config.ts'
import { tokenOf } from './assetTable.ts'

/** Refuses with `unsafe_configuration` rails whose money the books could not tell from other money, or have no price for. */
export function checkCustomRails(rails: readonly CustomRail[], config: Pick<GatewayConfig, 'evm' | 'stripe'>): void {
  const priced: readonly Asset[] = [BTC, EUR, ...config.evm.map(tokenOf)]
  for (const { rail, asset, serves } of rails) {
    if (!CUSTOM_RAIL.test(rail))
      throw refused(`The rail ${rail} has no name of a custom rail`, 'Call it custom:<name>: small letters, digits and dashes.')
    if (config.stripe && rail === STRIPE_RAIL) {
      throw refused(`${rail} is the rail of the configured account at Stripe`, 'Give the rail of the program another name.')
    }
    if (rails.filter((other) => other.rail === rail).length > 1) {
      throw refused(`Two rails are named ${rail}`, 'Give each its own name: their money is kept apart by it.')
    }
    if (!priced.some((known) => sameAsset(known, asset) && known.scale === asset.scale && known.ledger === asset.ledger)) {
      const names = priced.map(({ id }) => id).join(', ')
      throw refused(`${rail} moves ${asset.id}, which this gateway has no price for`, `A custom rail moves one of ${names}.`)
    }
    if (serves.length !== 1 || serves[0] !== 'custom') {
      throw refused(`${rail} serves ${serves.join(', ')}`, 'A custom rail serves destinations of kind custom and no others.')
    }
  }
}

/** Those that take money in. */
export function receiving(rails: readonly CustomRail[]): Receiver[] {
  return rails.filter((rail): rail is CustomRail & Receiver => rail.offer !== undefined)
}

function refused(what: string, hint: string): GatewayError {
  return new GatewayError('unsafe_configuration', what, { hint })
}
