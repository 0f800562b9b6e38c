import { isTokenOf, type SpendableToken } from '../../../gateway/client/dollarTokens.ts'
import type { Offer } from '../../../gateway/client/offers/offer.ts'
import { BTC } from '../../../gateway/money/asset.ts'
import { bolt11AmountMsat } from '../../../gateway/money/bolt11Amount.ts'
import { formatAmount, type Money, money } from '../../../gateway/money/money.ts'
import type { RailName } from '../../../gateway/ports/railName.ts'
import { inUnit, unitOf } from '../peopleAmount.ts'

const CHAINS: Readonly<Record<string, string>> = { 1: 'Ethereum', 8453: 'Base', 84532: 'Base Sepolia', 43114: 'Avalanche' }

/** A chain by its name, where it is known. */
function chainName(chainId: number | string): string {
  return CHAINS[chainId] ?? `chain ${chainId}`
}

/** "2 sat", "0.002 USDC". */
export function people(amount: Money): string {
  return `${inUnit(amount)} ${unitOf(amount.asset).code}`
}

/** "2 sat over Lightning", "0.002 USDC on Base", "at most 0.05 USDC on Base". */
export function wayOf({ rail, amount, most }: Readonly<{ rail: RailName; amount: Money; most?: true | undefined }>): string {
  if (most) return `at most ${wayOf({ rail, amount })}`
  if (rail === 'lightning') return `${people(amount)} over Lightning`
  if (rail === 'book') return `${people(amount)} from the balance`
  return `${people(amount)} on ${chainName(rail.slice(rail.indexOf(':') + 1))}`
}

/** What an offer asks, in people's units where these are known. */
export function askedBy(offer: Offer, { tokens, balance }: { tokens: readonly SpendableToken[]; balance: Money | undefined }): string {
  if (offer.kind === 'balance') return balance ? `${people(balance)} from a balance` : 'an amount from a balance'
  if (offer.kind === 'invoice') {
    const msat = bolt11AmountMsat(offer.invoice)
    return typeof msat === 'bigint' ? `${people(money(BTC, msat))} over Lightning` : 'an invoice that names no amount'
  }
  const { chainId, units, token } = offer
  const known = tokens.find((one) => isTokenOf(one, offer))
  const most = offer.kind === 'permit' && offer.facilitator ? 'at most ' : ''
  const where = `on ${chainName(chainId)} to ${offer.payTo}`
  if (!known) return `${most}${units} units of ${token} ${where}`
  const asset = { id: token, code: known.code ?? 'USD token', scale: known.scale, ledger: 0 }
  return `${most}${formatAmount({ asset, units })} ${asset.code} ${where}`
}
