import type { Hex } from '../../../gateway/ports/ids.ts'
import { RpcRefused } from '../node/rpc.ts'
import type { Refusal } from '../sending/actionTable.ts'

/** JSON-RPC code of a call that ran and reverted (geth and others since 2019). */
const REVERTED = 3

/** May still come true by waiting. */
export const NOT_YET_VALID: Refusal = { kind: 'failed', reason: 'rejected_by_rail', detail: 'the authorization is not valid yet' }

/** The signature is not the payer's, or the payer's account has code that does not accept it: only the code at its address tells. */
export const BAD_SIGNATURE: Refusal = { kind: 'failed', reason: 'rejected_by_rail', detail: 'the token does not accept the signature' }

/** USDC asks an account with code, not its key (ERC-1271), also where the code was only delegated to. */
export const DELEGATED: Refusal = {
  kind: 'failed',
  reason: 'payer_delegated',
  detail: 'the account of the payer has delegated its code (EIP-7702) to a contract that does not accept its signature',
}

/** Its nonce paid for something else, or its owner has ended it. */
export const ALREADY_USED: Refusal = { kind: 'failed', reason: 'already_used' }

/** Only the account that the payer named may collect a maximum (x402 upto). */
export const NO_LANE: Refusal = {
  kind: 'failed',
  reason: 'rejected_by_rail',
  detail: 'the account that the payer let collect it is not among the operator keys any more',
}

/** Looking at the signature runs the payer's own code, and its gas is ours. */
export const TOO_DEAR: Refusal = {
  kind: 'failed',
  reason: 'rejected_by_rail',
  detail: "the code of the payer's account burns more gas than one payment may",
}

/** Code can refuse in a block what it took in every simulation, and then our gas is gone. */
export const AT_RISK: Refusal = {
  kind: 'failed',
  reason: 'rejected_by_rail',
  detail: 'transactions for this account, or for too many accounts with code, came to nothing within a day, and one more is not risked',
}

/** How the code of an account begins that has delegated it (EIP-7702): this and the address of the contract. */
const DELEGATION = /^0xef0100[0-9a-f]{40}$/

export function isDelegation(code: Hex): boolean {
  return DELEGATION.test(code)
}

// What tokens and the hub say, by a word of it. The order matters: the first that fits is taken. Nothing of the raw text leaves this room.
// An error of a contract's own is told by its name or by its selector, as the node likes.
const SAYINGS: readonly (readonly [RegExp, Refusal])[] = [
  [/used or canceled|UsedAuthorization|InvalidNonce|0x756688fe/i, ALREADY_USED],
  [/PaymentTooEarly|0xa65539fa/i, NOT_YET_VALID],
  [/SignatureExpired|0xcd21db4f/i, { kind: 'failed', reason: 'expired' }],
  [/InvalidSigner|InvalidContractSignature|0x815e1d64|0xb0669cbc/i, BAD_SIGNATURE],
  [
    /TRANSFER_FROM_FAILED/,
    { kind: 'failed', reason: 'insufficient_liquidity', detail: 'the balance, or what Permit2 may take of it, is too small' },
  ],
  [/not yet valid/i, NOT_YET_VALID],
  [/expired/i, { kind: 'failed', reason: 'expired' }],
  [/invalid signature|InvalidSignature/i, BAD_SIGNATURE],
  [/blacklist/i, { kind: 'failed', reason: 'rejected_by_rail', detail: 'the token blocks one of the accounts' }],
  [/exceeds balance|InsufficientBalance/i, { kind: 'failed', reason: 'insufficient_liquidity', detail: 'the token balance is too small' }],
  [/paused/i, { kind: 'failed', reason: 'rejected_by_rail', detail: 'the token is paused' }],
]

/** Why a simulated call failed, in our words; undefined when the node's no is not about the call itself, so that it says nothing. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof RpcRefused)) return undefined
  if (error.code !== REVERTED && !/revert/i.test(error.message)) return undefined
  const said = SAYINGS.find(([pattern]) => pattern.test(`${error.message} ${selectorIn(error.data)}`))
  return said ? said[1] : { kind: 'failed', reason: 'reverted', detail: 'the call would revert' }
}

/** Where a node puts what a contract answered: as `data`, or in it. */
function selectorIn(data: unknown): string {
  const said = typeof data === 'object' && data !== null && 'data' in data ? data.data : data
  return typeof said === 'string' ? said.slice(0, SELECTOR_CHARS) : ''
}

const SELECTOR_CHARS = 10
