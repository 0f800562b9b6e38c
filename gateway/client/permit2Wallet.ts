import { floorDivCount, min } from '../money/integers.ts'
import { money } from '../money/money.ts'
import { EXACT_PROXY, PERMIT2, UPTO_PROXY } from '../ports/permit2.ts'
import { evmRail } from '../ports/railName.ts'
import { costsOf } from './costsOf.ts'
import { USDC } from './dollarTokens.ts'
import {
  assetOf,
  type EvmWalletOptions,
  type Holding,
  held,
  otherChain,
  resumeSigned,
  type Signed,
  signing,
  spendable,
  VALID_S_MAX,
  worth,
} from './evmWallet.ts'
import { heldBy } from './held.ts'
import { randomHex } from './offers/bytes.ts'
import type { PermitOffer } from './offers/offer.ts'
import { permitTypedData } from './signer/permitTypedData.ts'
import { type Signer, signerOf } from './signer/signer.ts'
import type { Unfit, Wallet } from './wallet.ts'

/** `allowanceOf` says how many units of a token the account lets Permit2 take; a provider by EIP-1193 says so by itself. */
export type Permit2WalletOptions = EvmWalletOptions & Readonly<{ allowanceOf?: (holding: Holding) => Promise<bigint | undefined> }>

/** The selector of `allowance(address,address)` (ERC-20), and its second word. */
const ALLOWANCE = '0xdd62ed3e'
const SPENDER = PERMIT2.slice(2).padStart(64, '0')

/**
 * Pays by x402 over Permit2, which the account must have let take the token: `exact`, and `upto`, of which all counts as spent until the receipt says how much
 * was taken. It signs for x402's own proxies and no other spender, whatever the server says. Where nobody says what the account lets Permit2 take, or it is
 * too little, nothing is signed.
 */
export function permit2Wallet(o: Permit2WalletOptions): Wallet {
  const { now = Date.now, tokens = USDC, balanceOf, allowanceOf } = o
  const signer = signerOf(o.account)
  return {
    speaks: [],
    async consider(offer, { stated }) {
      if (offer.kind !== 'permit') return undefined
      const { chainId, token, payTo, facilitator, units } = offer
      const found = spendable(tokens, offer)
      if ('reason' in found) return found
      const refusal = await otherChain(signer, chainId)
      if (refusal) return refusal
      const allowed = allowanceOf
        ? allowanceOf({ chainId, token, owner: await signer.address() })
        : signer.read?.(token, (owner) => `${ALLOWANCE}${owner}${SPENDER}`)
      const tooLittle = allowanceRefusal(offer, await allowed)
      if (tooLittle) return tooLittle
      const [amount, rail] = [money(assetOf(found), units), evmRail(chainId)]
      const has = await heldBy(held(signer, offer, balanceOf))
      return {
        offer: offer.name,
        rail,
        ...costsOf(worth(amount), worth(amount), stated[rail]),
        amount,
        payee: payTo,
        pay: ({ keep }) => signing(chainId, keep, () => sign(signer, offer, now())),
        ...(facilitator && { most: true as const }),
        ...(has !== undefined && { held: money(amount.asset, has) }),
      }
    },
    resume: resumeSigned,
  }
}

function allowanceRefusal({ chainId, token, units }: PermitOffer, allowed: bigint | undefined): Unfit | undefined {
  if (allowed !== undefined && allowed >= units) return undefined
  const detail =
    allowed === undefined
      ? `nobody says what the account lets Permit2 take: give the wallet the address of a node of chain ${chainId}`
      : `the account lets Permit2 take ${allowed} of ${units} units: have it call approve(${PERMIT2}, ${units} or more) of the token ${token} on chain ${chainId}, once`
  return { reason: 'no_allowance', detail }
}

async function sign(signer: Signer, offer: PermitOffer, now: number): Promise<Signed> {
  const { token, chainId, units, payTo: to, facilitator, validS, prove } = offer
  const validBefore = floorDivCount(now, 1000) + min(validS, VALID_S_MAX)
  const [proof, from] = [randomHex(32), await signer.address()]
  const [nonce, spender] = [BigInt(proof), facilitator === undefined ? EXACT_PROXY : UPTO_PROXY]
  const permit = { token, units, spender, nonce, deadline: BigInt(validBefore), to, facilitator, validAfter: 0n }
  const signature = await signer.sign(permitTypedData(chainId, permit), from)
  const witness = { to, ...(facilitator && { facilitator }), validAfter: '0' }
  const signed = { from, permitted: { token, amount: `${units}` }, spender, nonce: `${nonce}`, deadline: `${validBefore}`, witness }
  return { kind: 'signed', header: prove({ signature, permit2Authorization: signed }), proof, validBefore }
}
