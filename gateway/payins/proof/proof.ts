import type { Hex } from '../../ports/ids.ts'
import type { Macaroon } from '../challenge/macaroon.ts'
import type { MppChallenge } from '../challenge/mppChallenge.ts'

/** The message of EIP-3009 with its signature; hex in lower case. */
export type SignedTransfer = Readonly<{
  from: Hex
  to: Hex
  value: bigint
  validAfter: bigint
  validBefore: bigint
  nonce: Hex
  signature: Hex
}>

/** The entry of `accepts` that an x402 client echoes. */
type AcceptedTerms = Readonly<{ chainId: number; asset: Hex; payTo: Hex; amount: bigint; quote?: string | undefined }>

/** A proof of payment as it was sent: well formed, nothing verified. */
export type Proof =
  | Readonly<{ scheme: 'x402'; url?: string | undefined; accepted: AcceptedTerms; transfer: SignedTransfer }>
  | Readonly<{ scheme: 'mpp-evm'; challenge: MppChallenge; source?: string | undefined; transfer: SignedTransfer }>
  | Readonly<{ scheme: 'mpp-lightning'; challenge: MppChallenge; preimage: string }>
  | Readonly<{ scheme: 'l402'; token: Macaroon; preimage: string }>
