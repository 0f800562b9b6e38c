import type { Hex } from '../../ports/ids.ts'

/** What an account signs of EIP-3009 to let a token be taken, with times in seconds. */
export type Authorization = Readonly<{ from: Hex; to: Hex; value: bigint; validAfter: bigint; validBefore: bigint; nonce: Hex }>
export type SignedAuthorization = Readonly<{ authorization: Authorization; signature: Hex }>

/** The header that proves a payment. */
export type ProofHeader = readonly [name: string, value: string]

/** `name` tells people which protocol asks for what, `header` is where its proof goes. */
type Named = Readonly<{ name: string; header: string }>

/**
 * A token transfer by an EIP-3009 authorization. `domain` is the token's EIP-712 name and version as the server says them; MPP says none. `nonce` is set
 * where the protocol binds the signature to its challenge. An authorization may be good for `validS` seconds, and not after `expiresAt` (ms).
 */
export type TokenOffer = Named &
  Readonly<{
    kind: 'token'
    chainId: number
    token: Hex
    payTo: Hex
    units: bigint
    domain?: Readonly<{ name: string; version: string }>
    nonce?: Hex
    validS?: number
    expiresAt?: number
    prove: (signed: SignedAuthorization) => ProofHeader
  }>

/**
 * A token transfer by Permit2, which the account must have let take the token. Of an `upto` the units are the most, and its facilitator says how many are
 * taken.
 */
export type PermitOffer = Named &
  Readonly<{
    kind: 'permit'
    chainId: number
    token: Hex
    payTo: Hex
    units: bigint
    facilitator?: Hex
    validS: number
    /** Of the payload that x402 asks. */
    prove: (payload: object) => ProofHeader
  }>

/** How the preimage becomes a proof, as data: a payment may outlive the process that made it. */
export type InvoiceProof = Readonly<
  { protocol: 'l402'; token: string } | { protocol: 'mpp'; header: string; challenge: Readonly<Record<string, string>> }
>

/** A BOLT 11 invoice; its preimage is the proof. */
export type InvoiceOffer = Named & Readonly<{ kind: 'invoice'; invoice: string; proof: InvoiceProof }>

/** Taken from a balance held at the server. */
type BalanceOffer = Named & Readonly<{ kind: 'balance' }>

export type Offer = TokenOffer | PermitOffer | InvoiceOffer | BalanceOffer

/** Why one offer cannot be paid. `detail` is a sentence that says what to change. */
export type Refusal = Readonly<{
  offer: string
  reason:
    | 'unknown_scheme'
    | 'malformed'
    | 'expired'
    | 'no_wallet'
    | 'wrong_network'
    | 'wrong_token'
    | 'no_amount'
    | 'header_taken'
    | 'not_your_gateway'
    | 'redirected'
    | 'above_budget'
    | 'against_policy'
    | 'too_little'
    | 'no_allowance'
    | 'wallet_failed'
  detail: string
}>

/** What one part of a 402 asks, and what of it could not be read. */
export type ReadOffers = Readonly<{ offers: readonly Offer[]; unread: readonly Refusal[] }>
