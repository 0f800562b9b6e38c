import { randomBytes } from 'node:crypto'
import { type Asset, erc20Asset, USD } from '../money/asset.ts'
import { floorDivCount, min } from '../money/integers.ts'
import { compare, type Money, money, mulDiv } from '../money/money.ts'
import type { Hex } from '../ports/ids.ts'
import { evmRail } from '../ports/railName.ts'
import type { Challenge, ExactRequirement } from './readChallenge.ts'
import type { Bid, Consideration, Credential, Wallet } from './wallet.ts'

/** An authorization lives no longer than this, whatever the server asks. */
export const VALID_S_MAX = 3_600

const TYPES = {
  TransferWithAuthorization: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'validAfter', type: 'uint256' },
    { name: 'validBefore', type: 'uint256' },
    { name: 'nonce', type: 'bytes32' },
  ],
} as const

/** What the account signs: EIP-712 over EIP-3009. */
export type TransferTypedData = Readonly<{
  domain: { name: string; version: string; chainId: number; verifyingContract: Hex }
  types: typeof TYPES
  primaryType: 'TransferWithAuthorization'
  message: { from: Hex; to: Hex; value: bigint; validAfter: bigint; validBefore: bigint; nonce: Hex }
}>

/** Any object with an address that signs typed data, such as an account of viem. */
export type TypedDataSigner = Readonly<{ address: Hex; signTypedData(data: TransferTypedData): Promise<Hex> }>

/** A dollar token that the wallet may spend, counted at par. */
export type SpendableToken = Readonly<{ chainId: number; address: string; scale: number; code?: string }>

/** Pays by x402 v2 (exact, EIP-3009), and only in these tokens: what another token is worth, a server could say anything about. */
export function evmWallet(o: { account: TypedDataSigner; tokens: readonly SpendableToken[]; now?: () => number }): Wallet {
  const now = o.now ?? Date.now
  const tokens = o.tokens.map((t) => erc20Asset({ ...t, code: t.code ?? 'USD token', ledger: 0 }))
  async function consider(challenge: Challenge): Promise<Consideration> {
    const { x402 } = challenge
    if (!x402) return { bids: [], refused: 'the 402 offers no x402 payment' }
    const bids = x402.accepts.flatMap((requirement): Bid[] => {
      const id = erc20Asset({ ...requirement, address: requirement.asset, code: '', scale: 0, ledger: 0 }).id
      const token = tokens.find((candidate) => candidate.id === id)
      if (!token) return []
      const amount = money(token, BigInt(requirement.amount))
      const pay = async () => ({ kind: 'paid' as const, credential: await sign(o.account, requirement, x402.resource, now()) })
      const rail = evmRail(requirement.chainId)
      return [{ rail, cost: dearer(worth(amount), challenge.stated[rail]), amount, payee: requirement.payTo, pay }]
    })
    return bids.length > 0 ? { bids } : { bids, refused: 'the 402 asks for no token of this wallet' }
  }
  return { rail: 'evm', consider }
}

/** The greater of the wallet's own reckoning and the server's word, which may include a fee. */
function dearer(own: Money, stated: Money | undefined): Money {
  return stated && compare(stated, own) > 0 ? stated : own
}

function worth(amount: Readonly<{ asset: Asset; units: bigint }>): Money {
  return money(USD, mulDiv(amount.units, 10n ** BigInt(USD.scale), 10n ** BigInt(amount.asset.scale), 'up'))
}

async function sign(account: TypedDataSigner, r: ExactRequirement, resource: unknown, now: number): Promise<Credential> {
  const validBefore = BigInt(floorDivCount(now, 1000) + min(r.maxTimeoutSeconds, VALID_S_MAX))
  const nonce: Hex = `0x${randomBytes(32).toString('hex')}`
  // The reader checked that both are 0x and forty hex digits.
  const [to, verifyingContract] = [r.payTo as Hex, r.asset as Hex]
  const message = { from: account.address, to, value: BigInt(r.amount), validAfter: 0n, validBefore, nonce }
  const domain = { name: r.extra.name, version: r.extra.version, chainId: r.chainId, verifyingContract }
  const signature = await account.signTypedData({ domain, types: TYPES, primaryType: 'TransferWithAuthorization', message })
  const authorization = { ...message, value: r.amount, validAfter: '0', validBefore: validBefore.toString() }
  const payment = { x402Version: 2, resource, accepted: r.echo, payload: { signature, authorization } }
  return { headers: [['payment-signature', Buffer.from(JSON.stringify(payment), 'utf8').toString('base64')]] }
}
