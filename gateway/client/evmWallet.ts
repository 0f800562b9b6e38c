import { GatewayError } from '../errors/gatewayError.ts'
import { type Asset, erc20Asset, USD } from '../money/asset.ts'
import { floorDivCount, min } from '../money/integers.ts'
import { compare, type Money, money, mulDiv } from '../money/money.ts'
import { evmRail } from '../ports/railName.ts'
import { isTokenOf, type SpendableToken, USDC } from './dollarTokens.ts'
import { randomHex } from './offers/bytes.ts'
import type { Offer, TokenOffer } from './offers/offer.ts'
import type { Challenge } from './offers/readChallenge.ts'
import { type Signer, type SigningAccount, signerOf } from './signer/signer.ts'
import { transferTypedData } from './signer/transferTypedData.ts'
import type { Bid, Kept, Paying, PayResult, Unfit, Wallet } from './wallet.ts'

/** An authorization lives no longer than this, whatever the server asks. */
export const VALID_S_MAX = 3_600

/**
 * Pays by x402 and MPP with an EIP-3009 authorization, and only in these tokens (USDC when none are named): what another token is worth, a server could
 * say anything about.
 */
export function evmWallet(o: { account: SigningAccount; tokens?: readonly SpendableToken[]; now?: () => number }): Wallet {
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
    const on = await signer.chainId?.()
    if (on !== undefined && on !== chainId) {
      return { reason: 'wrong_network', detail: `the wallet is on chain ${on}: switch it to chain ${chainId}` }
    }
    const amount = money(assetOf(found), offer.units)
    const rail = evmRail(chainId)
    const pay = ({ keep }: Paying) => sign(signer, offer, { domain, now: now(), keep })
    return { offer: offer.name, rail, cost: dearer(worth(amount), stated[rail]), amount, payee: offer.payTo, pay }
  }
  return { consider, resume: (kept) => (kept.kind === 'signed' ? signed(kept) : undefined) }
}

const signed = ({ header, proof }: Kept & { kind: 'signed' }): PayResult => ({ kind: 'paid', proof, credential: { headers: [header] } })

function spendable(tokens: readonly SpendableToken[], offer: TokenOffer): SpendableToken | Unfit {
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

const assetOf = (token: SpendableToken): Asset => erc20Asset({ ...token, code: token.code ?? 'USD token', ledger: 0 })

/** The greater of the wallet's own reckoning and the server's word, which may include a fee. */
function dearer(own: Money, stated: Money | undefined): Money {
  return stated && compare(stated, own) > 0 ? stated : own
}

function worth(amount: Money): Money {
  return money(USD, mulDiv(amount.units, 10n ** BigInt(USD.scale), 10n ** BigInt(amount.asset.scale), 'up'))
}

type Signing = Readonly<{ domain: { name: string; version: string }; now: number; keep: Paying['keep'] }>

async function sign(signer: Signer, offer: TokenOffer, o: Signing): Promise<PayResult> {
  const { payTo, token, chainId, units, validS = VALID_S_MAX } = offer
  const longest = floorDivCount(o.now, 1000) + min(validS, VALID_S_MAX)
  const validBefore = offer.expiresAt === undefined ? longest : min(longest, floorDivCount(offer.expiresAt, 1000))
  const nonce = offer.nonce ?? randomHex(32)
  try {
    const from = await signer.address()
    const authorization = { from, to: payTo, value: units, validAfter: 0n, validBefore: BigInt(validBefore), nonce }
    const signature = await signer.sign(transferTypedData({ ...o.domain, chainId, verifyingContract: token }, authorization))
    const kept = { kind: 'signed' as const, header: offer.prove({ authorization, signature }), proof: nonce, validBefore }
    // A signature moves nothing until it is shown.
    await o.keep(kept)
    return signed(kept)
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    const why = cause instanceof Error ? cause.message : 'it gave no reason'
    throw new GatewayError('payment_declined', `The wallet did not sign for chain ${chainId}: ${why.slice(0, 200)}`, { cause })
  }
}
