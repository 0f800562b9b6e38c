import { isGatewayError } from '../errors/gatewayError.ts'
import { GroundError } from '../errors/groundError.ts'
import { type Asset, erc20Asset, USD } from '../money/asset.ts'
import { floorDivCount, min } from '../money/integers.ts'
import { type Money, money, mulDiv } from '../money/money.ts'
import type { Hex } from '../ports/ids.ts'
import { evmRail } from '../ports/railName.ts'
import { costsOf } from './costsOf.ts'
import { isTokenOf, type SpendableToken, USDC } from './dollarTokens.ts'
import { heldBy } from './held.ts'
import { randomHex } from './offers/bytes.ts'
import type { Offer, PermitOffer, TokenOffer } from './offers/offer.ts'
import type { Challenge } from './offers/readChallenge.ts'
import { type Signer, type SigningAccount, signerOf } from './signer/signer.ts'
import { transferTypedData } from './signer/transferTypedData.ts'
import type { Bid, Kept, Paying, PayResult, Unfit, Wallet } from './wallet.ts'

/** An authorization lives no longer than this, whatever the server asks. */
export const VALID_S_MAX = 3_600

export type Holding = Readonly<{ chainId: number; token: Hex; owner: Hex }>

/** The selector of `balanceOf(address)` (ERC-20). */
const BALANCE_OF = '0x70a08231'

/** `balanceOf` says what the account holds of a token, in its smallest unit; a provider by EIP-1193 says so by itself. */
export type EvmWalletOptions = Readonly<{
  account: SigningAccount
  tokens?: readonly SpendableToken[]
  balanceOf?: (holding: Holding) => Promise<bigint | undefined>
  now?: () => number
}>

/**
 * Pays by x402 and MPP with an EIP-3009 authorization, and only in these tokens (USDC when none are named): what another token is worth, a server could
 * say anything about. The gas is borne by whom it pays.
 */
export function evmWallet(o: EvmWalletOptions): Wallet {
  const now = o.now ?? Date.now
  const tokens = o.tokens ?? USDC
  const signer = signerOf(o.account)
  async function consider(offer: Offer, { stated }: Challenge): Promise<Bid | Unfit | undefined> {
    if (offer.kind !== 'token') return undefined
    const { chainId } = offer
    const found = spendable(tokens, offer)
    if ('reason' in found) return found
    const domain = found.name && found.version ? { name: found.name, version: found.version } : offer.domain
    if (!domain) {
      return { reason: 'wrong_token', detail: 'neither the server nor the wallet says the EIP-712 name and version: add them to the token' }
    }
    const elsewhere = await otherChain(signer, chainId)
    if (elsewhere) return elsewhere
    const amount = money(assetOf(found), offer.units)
    const rail = evmRail(chainId)
    const pay = ({ keep }: Paying) => signing(chainId, keep, () => sign(signer, offer, { domain, now: now() }))
    const has = await heldBy(held(signer, offer, o.balanceOf))
    const costs = costsOf(worth(amount), worth(amount), stated[rail])
    return {
      offer: offer.name,
      rail,
      ...costs,
      amount,
      payee: offer.payTo,
      pay,
      ...(has !== undefined && { held: money(amount.asset, has) }),
    }
  }
  return { speaks: ['evm/charge'], consider, resume: resumeSigned }
}

/** What was signed, as it is kept before it is shown. */
export type Signed = Extract<Kept, { kind: 'signed' }>

const signed = ({ header, proof }: Signed): PayResult => ({ kind: 'paid', proof, credential: { headers: [header] } })

export const resumeSigned = (kept: Kept): PayResult | undefined => (kept.kind === 'signed' ? signed(kept) : undefined)

type ChainOffer = TokenOffer | PermitOffer
type BalanceOf = EvmWalletOptions['balanceOf']

/** What the account has of the token that an offer asks. */
export async function held(signer: Signer, { chainId, token }: ChainOffer, balanceOf: BalanceOf): Promise<bigint | undefined> {
  return balanceOf ? balanceOf({ chainId, token, owner: await signer.address() }) : signer.read?.(token, (owner) => `${BALANCE_OF}${owner}`)
}

export async function otherChain(signer: Signer, chainId: number): Promise<Unfit | undefined> {
  const on = await signer.chainId?.()
  if (on === undefined || on === chainId) return undefined
  return { reason: 'wrong_network', detail: `the wallet is on chain ${on}: switch it to chain ${chainId}` }
}

export function spendable(tokens: readonly SpendableToken[], offer: ChainOffer): SpendableToken | Unfit {
  const { chainId, token } = offer
  const here = tokens.filter((one) => one.chainId === chainId)
  if (here.length === 0) {
    const chains = [...new Set(tokens.map((one) => one.chainId))].join(', ')
    return { reason: 'wrong_network', detail: `it is paid on chain ${chainId}, the wallet has tokens on chain ${chains}` }
  }
  const found = here.find((one) => isTokenOf(one, offer))
  return (
    found ?? {
      reason: 'wrong_token',
      detail: `it is paid in ${token}, which is no token of this wallet: add it to \`tokens\` if it is a dollar`,
    }
  )
}

export const assetOf = (token: SpendableToken): Asset => erc20Asset({ ...token, code: token.code ?? 'USD token', ledger: 0 })

export function worth(amount: Money): Money {
  return money(USD, mulDiv(amount.units, 10n ** BigInt(USD.scale), 10n ** BigInt(amount.asset.scale), 'up'))
}

type Signing = Readonly<{ domain: { name: string; version: string }; now: number }>

async function sign(signer: Signer, offer: TokenOffer, o: Signing): Promise<Signed> {
  const { payTo, token, chainId, units, validS = VALID_S_MAX } = offer
  const longest = floorDivCount(o.now, 1000) + min(validS, VALID_S_MAX)
  const validBefore = offer.expiresAt === undefined ? longest : min(longest, floorDivCount(offer.expiresAt, 1000))
  const nonce = offer.nonce ?? randomHex(32)
  const from = await signer.address()
  const authorization = { from, to: payTo, value: units, validAfter: 0n, validBefore: BigInt(validBefore), nonce }
  const signature = await signer.sign(transferTypedData({ ...o.domain, chainId, verifyingContract: token }, authorization), from)
  return { kind: 'signed', header: offer.prove({ authorization, signature }), proof: nonce, validBefore }
}

/** A signature moves nothing until it is shown, so it is kept first. */
export async function signing(chainId: number, keep: Paying['keep'], make: () => Promise<Signed>): Promise<PayResult> {
  try {
    const made = await make()
    await keep(made)
    return signed(made)
  } catch (cause) {
    if (isGatewayError(cause)) throw cause
    const why = cause instanceof Error ? cause.message : 'it gave no reason'
    throw new GroundError('payment_declined', `The wallet did not sign for chain ${chainId}: ${why.slice(0, 200)}`, { cause })
  }
}
