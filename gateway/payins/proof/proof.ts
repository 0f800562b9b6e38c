import type { Hex } from '../../ports/ids.ts'
import type { X402ChannelConfig, X402Deposit } from '../../ports/x402Channels.ts'
import type { Macaroon } from '../challenge/macaroon.ts'
import type { MppChallenge } from '../challenge/mppChallenge.ts'

/** The message of EIP-3009 with its signature, or what a message of Permit2 says likewise; hex in lower case. */
export type SignedTransfer = Readonly<{
  from: Hex
  to: Hex
  value: bigint
  validAfter: bigint
  validBefore: bigint
  nonce: Hex
  signature: Hex
}>

/** What a message of Permit2 says beside it: of which token, and who may take it. `facilitator` alone may take of a maximum. */
export type Permit = Readonly<{ token: Hex; spender: Hex; facilitator?: Hex | undefined }>

/** The entry of `accepts` that an x402 client echoes. */
type AcceptedTerms = Readonly<{ chainId: number; asset: Hex; payTo: Hex; amount: bigint; quote?: string | undefined }>

/** A proof of payment as it was sent: well formed, nothing verified. */
export type Proof =
  | Readonly<{
      scheme: 'x402'
      url?: string | undefined
      accepted: AcceptedTerms
      transfer: SignedTransfer
      permit?: Permit
      /** What the client calls this payment: the same for each try at it. */
      paymentId?: string | undefined
    }>
  /** By a channel of x402: `cumulative` is all that its payer owes over its life. */
  | Readonly<{
      scheme: 'x402-voucher'
      url?: string | undefined
      accepted: AcceptedTerms
      config: X402ChannelConfig
      voucher: Readonly<{ channelId: Hex; cumulative: bigint; signature: Hex }>
      deposit?: X402Deposit | undefined
      paymentId?: string | undefined
    }>
  | Readonly<{ scheme: 'mpp-evm'; challenge: MppChallenge; source?: string | undefined; transfer: SignedTransfer }>
  | Readonly<{ scheme: 'mpp-lightning'; challenge: MppChallenge; preimage: string }>
  | Readonly<{ scheme: 'l402'; token: Macaroon; preimage: string }>

/** A payer of an x402 channel asks for what it has not spent, by a voucher over what it has: well formed, nothing verified. `units`: no more than these. */
export type ChannelRefundAsked = Omit<Extract<Proof, { scheme: 'x402-voucher' }>, 'scheme' | 'deposit'> &
  Readonly<{ scheme: 'x402-refund'; units: bigint | undefined }>

/** A deposit as the Payment scheme writes it: an EIP-3009 message to the hub; `salt` is the channel's where it opens one, and makes the nonce. */
type SentDeposit = Readonly<{ transfer: SignedTransfer; salt: Hex }>
type SentSum = Readonly<{ channelId: Hex; cumulative: bigint; signature: Hex }>

/** What a payer does with a session (draft-evm-session). */
export type SessionAction =
  | (Readonly<{ action: 'open'; deposit: SentDeposit }> & SentSum)
  | Readonly<{ action: 'topUp'; channelId: Hex; deposit: SentDeposit }>
  | (Readonly<{ action: 'voucher' | 'close' }> & SentSum)

/** A credential of a session, well formed, nothing verified. Other than a proof it is good for many requests. */
export type SessionCredential = Readonly<{ scheme: 'mpp-session'; challenge: MppChallenge; session: SessionAction }>

/** What a payer does with a session over Lightning (draft-lightning-session). `sessionId` is the hash of the payment that opened it. */
type DepositAction =
  | Readonly<{ action: 'open'; preimage: string; returnInvoice: string }>
  | Readonly<{ action: 'bearer' | 'close' | 'topUp'; sessionId: string; preimage: string }>

/** The same for such a session. The preimage of its first deposit is what its payer shows with each request. */
export type DepositCredential = Readonly<{ scheme: 'mpp-deposit'; challenge: MppChallenge; session: DepositAction }>
