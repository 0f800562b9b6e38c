import type { AuditAnswers } from '../../audit/log/auditAnswers.ts'
import type { Lag } from '../../audit/projection/lag.ts'
import type { ReceiptSigner } from '../../audit/receipt/receipt.ts'
import type { Verification } from '../../audit/reconcile/verify.ts'
import type { Exchanges } from '../../exchange/exchanges.ts'
import type { Asset } from '../../money/asset.ts'
import type { Parties } from '../../parties/party/parties.ts'
import type { Splits } from '../../parties/party/splits.ts'
import type { ChallengeKeys } from '../../payins/challenge/challengeKeys.ts'
import type { Collections } from '../../payins/claim/collections.ts'
import type { FindRequest } from '../../payins/claim/findRequest.ts'
import type { PaidRequests } from '../../payins/claim/paidRequests.ts'
import type { RequestRecords } from '../../payins/claim/requestRecords.ts'
import type { Intents } from '../../payins/intent/intents.ts'
import type { MakeOffers } from '../../payins/offer/makeOffers.ts'
import type { SettlementRecords } from '../../payins/settlement/settlementRecords.ts'
import type { VoucherChannels } from '../../payins/vouchers/voucherChannels.ts'
import type { Netting } from '../../payouts/netting/netting.ts'
import type { Payouts } from '../../payouts/payout/payouts.ts'
import type { Withdrawals } from '../../payouts/withdrawal/withdrawals.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { Hex } from '../../ports/ids.ts'
import type { LightningNode } from '../../ports/lightningNode.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import type { RateSource } from '../../ports/rates.ts'
import type { ReadModel } from '../../ports/readModel.ts'
import type { Collector, Receiver, SplitOperator } from '../../ports/receiver.ts'
import type { Sender } from '../../ports/sender.ts'
import type { VoucherChannelOperator } from '../../ports/voucherChannels.ts'
import type { PayTerms } from '../../wallets/lnurl/payTerms.ts'
import type { OpenedSuccess } from '../../wallets/lnurl/successAction.ts'
import type { Wallet } from '../../wallets/wallet/wallet.ts'
import type { Authenticate } from './authenticate.ts'
import type { Idempotency } from './idempotency.ts'

/** One chain as the faces use it. */
export type ChainRail = Readonly<{ rail: EvmRailName; asset: Asset }> & SplitOperator & Collector & VoucherChannelOperator

/** What reads and audit proofs are answered from. It is built behind the journal, by a thread of its own. */
export type Projector = Readonly<{
  reads: ReadModel
  audit: AuditAnswers
  /** Resolves when the read model shows block `seq`; throws `reads_behind` after `deadlineMs`. */
  readAfter: (seq: number, deadlineMs: number) => Promise<void>
  /** How far it is behind, and why it stands still when it does. */
  lag: () => Lag & Readonly<{ failure?: string }>
}>

/** Everything the faces call. Put together once in `app/openGateway.ts`. */
export type Gateway = Readonly<{
  books: Books
  clock: Clock
  ids: IdSource
  usd: Asset
  bookAsset: Asset
  assets: readonly Asset[]
  rates: RateSource
  receivers: readonly Receiver[]
  /** The chains that money can be collected on and split on, the one of the asset of balances first. */
  chains: readonly ChainRail[]
  /** The nonce by which one signature binds money, split and invoice. */
  authorizationNonce: (splitId: Hex, ref: Hex) => Hex
  parties: Parties
  splits: Splits
  makeOffers: MakeOffers
  intents: Intents
  exchanges: Exchanges
  netting: Netting
  payouts: Payouts
  requests: PaidRequests
  requestRecords: RequestRecords
  /** The request that a proof has paid for, however old. */
  findRequest: FindRequest
  collections: Collections
  channels: VoucherChannels
  wallet: Wallet
  /** Lightning Addresses of others: on what terms they can be paid, and what was shown after they were. */
  addresses: Readonly<{ resolve: (text: string) => Promise<PayTerms>; success: (attempt: string) => OpenedSuccess | undefined }>
  /** How payers reach this gateway, as configured. */
  publicUrl: string | undefined
  /** The Lightning node, when there is one. */
  lightning: (LightningNode & Pick<Sender, 'asset' | 'check' | 'estimate'>) | undefined
  withdrawals: Withdrawals
  settlements: SettlementRecords
  receipts: ReceiptSigner
  receiptOf: (id: string) => Promise<unknown>
  projector: Projector
  answerOf: (seq: number, receipt: string) => Promise<{ status: number; contentType: string; body: string | undefined } | undefined>
  verify: () => Promise<Verification>
  challengeKeys: ChallengeKeys
  authenticate: Authenticate
  idempotent: Idempotency
  /** Problems that rails have met and a person should see, such as a refused bank file. */
  problems: () => readonly Readonly<{ rail: string; what: string; detail: string }>[]
}>

/** What a priced route needs of it, so that such a route can be served without payouts and intents. */
export type PaidRouteGateway = Pick<
  Gateway,
  | 'books'
  | 'clock'
  | 'ids'
  | 'usd'
  | 'bookAsset'
  | 'rates'
  | 'receivers'
  | 'parties'
  | 'splits'
  | 'makeOffers'
  | 'requests'
  | 'findRequest'
  | 'requestRecords'
  | 'collections'
  | 'settlements'
  | 'answerOf'
  | 'challengeKeys'
  | 'authenticate'
>
