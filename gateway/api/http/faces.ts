import type { Approvals } from '../../approvals/approvals.ts'
import type { AuditFace } from '../../audit/openAudit.ts'
import type { WorthThen } from '../../audit/statements/worth.ts'
import type { Disputes } from '../../disputes/disputes.ts'
import type { EventsFace } from '../../events/openEvents.ts'
import type { WebhooksFace } from '../../events/openWebhooks.ts'
import type { Exchanges } from '../../exchange/exchanges.ts'
import type { FacilitatorFace } from '../../facilitator/openFacilitator.ts'
import type { GuardFace } from '../../guard/openGuard.ts'
import type { Invoices } from '../../invoices/invoices.ts'
import type { LedgerFace } from '../../ledger/openLedger.ts'
import type { Orders } from '../../orders/orders.ts'
import type { PartiesFace } from '../../parties/openParties.ts'
import type { PayinsFace } from '../../payins/openPayins.ts'
import type { PaymentLinks } from '../../paymentLinks/paymentLinks.ts'
import type { PayoutsFace } from '../../payouts/openPayouts.ts'
import type { Ground } from '../../ports/ground.ts'
import type { LightningNode } from '../../ports/lightningNode.ts'
import type { RailState } from '../../ports/railState.ts'
import type { Sender } from '../../ports/sender.ts'
import type { Reconciliation } from '../../reconciliation/reconciliation.ts'
import type { Refunds } from '../../refunds/openRefunds.ts'
import type { SessionReturns } from '../../refunds/sessionReturns.ts'
import type { Plans } from '../../subscriptions/plans.ts'
import type { Subscriptions } from '../../subscriptions/subscriptions.ts'
import type { Suspense } from '../../suspense/suspense.ts'
import type { ClockMoves } from '../../testMode/clockMoves.ts'
import type { createPlayPayer } from '../../testMode/playPayer.ts'
import type { Valuation } from '../../treasury/positions/valuation.ts'
import type { RatesFace } from '../../treasury/rates/ratesView.ts'
import type { WalletsFace } from '../../wallets/openWallets.ts'
import type { Authenticate, CallersOfKeys, LoginOfKeys, Spender } from './authenticate.ts'
import type { Idempotency } from './idempotency.ts'

/** Who calls, how a call is harmless twice, and how payers reach this gateway (as configured). */
export type CallersFace = Readonly<{
  authenticate: Authenticate
  spender: Spender
  idempotent: Idempotency
  publicUrl: string | undefined
}> &
  CallersOfKeys &
  LoginOfKeys

/** What an operator looks at besides money. */
export type OperationsFace = Readonly<{
  /** Whether money here is real: `mainnet`, and else it is not. */
  network: 'local' | 'testnet' | 'mainnet'
  /** The Lightning node, when there is one. */
  lightning: (LightningNode & Pick<Sender, 'asset' | 'check' | 'estimate'>) | undefined
  /** Which rails are open, and why one is not. */
  rails: () => readonly RailState[]
  /** Problems that rails or the ledger have met and a person should see, such as a refused bank file. */
  problems: () => readonly Readonly<{ rail: string; what: string; detail: string }>[]
}>

/** One narrow face for each wing. A route takes those that it uses, so that its signature says what it may touch. */
export type Faces = Readonly<{
  ground: Ground
  /** What assets are worth, and who says so. */
  rates: RatesFace
  /** What the operator's own books are summed in, and by which rates. */
  valuation: Valuation
  /** What amounts were worth at a time, in the same currency. */
  worthThen: WorthThen
  guard: GuardFace
  ledger: LedgerFace
  audit: AuditFace
  events: EventsFace
  webhooks: WebhooksFace
  parties: PartiesFace
  payins: PayinsFace
  paymentLinks: PaymentLinks
  invoices: Invoices
  plans: Plans
  subscriptions: Subscriptions
  payouts: PayoutsFace
  approvals: Approvals
  orders: Orders
  exchanges: Exchanges
  facilitator: FacilitatorFace
  suspense: Suspense
  reconciliation: Reconciliation
  refunds: Refunds
  disputes: Disputes
  returns: SessionReturns
  wallets: WalletsFace
  operations: OperationsFace
  /** Undefined but on a local network. */
  testMode: Readonly<{ clock: ClockMoves; play: ReturnType<typeof createPlayPayer> }> | undefined
  callers: CallersFace
}>
