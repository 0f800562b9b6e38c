import type { ErrorCode } from '../../../../gateway/errors/catalog.ts'
import type { Meta } from '../../../../gateway/errors/codedError.ts'
import type { ReusableOffer } from '../../../../gateway/ports/reusableOffers.ts'
import type { NodeHoldings } from '../coins/nodeHoldings.ts'
import type { WithdrawalOrder, WithdrawalTerms } from '../coins/planWithdrawal.ts'
import type { WithdrawalState } from '../coins/withdrawals.ts'
import type { NodeReport } from '../node/nodeReport.ts'
import type { AttemptRow } from '../payments/attempts.ts'
import type { NewHold, NodeHold } from '../payments/holds.ts'
import type { NodeEvent } from '../payments/nodeEvents.ts'
import type { NewInvoice } from '../payments/offers.ts'
import type { Payee, PaymentOrder } from '../payments/paymentTerms.ts'
import type { ProbeCount } from '../payments/probes.ts'
import type { PaymentQuote } from '../payments/quotePayment.ts'

/** Where the node keeps its state and whom it talks to; the first message to the worker. */
export type WorkerStart = Readonly<{
  dataDir: string
  chainUrl: string
  peer: Readonly<{ nodeId: string; host: string; port: number }>
  dustExposureMsatMax: bigint
  /** WebAssembly memory at which the process makes way for a new one. */
  externalBytesMax: number
}>

/** `refusal`: why such a payment would not be begun now, whatever the route. `successPpm`: what the node believes of the route. */
export type NodeQuote = PaymentQuote & Readonly<{ successPpm: bigint; refusal: string | undefined }>

/** The node's own word about itself. `externalBytes` is WebAssembly memory, which only grows. */
export type NodeStatus = Readonly<{
  nodeId: string
  pid: number
  height: number
  peers: number
  channels: readonly Readonly<{ id: string; usable: boolean; weFunded: boolean; announced: boolean }>[]
  closed: bigint
  /** Where the money of closed channels comes to; its key follows from the node's seed. */
  walletAddress: string
  /** Of these, not paid out yet. */
  closings: bigint
  pendingPayments: bigint
  externalBytes: number
  probes: ProbeCount
  cpuMs: number
}>

/** What can be asked of the worker: parameters and answer of each call. Every answer is of committed state. */
export type NodeCalls = {
  /** `descriptionHash`: 64 hex digits that the invoice commits to in place of the description. */
  createInvoice: {
    params: Readonly<{ amountMsat: bigint; description: string; descriptionHash?: string | undefined; expiresAt: number }>
    value: NewInvoice
  }
  quote: { params: Pick<PaymentOrder, 'payee' | 'amountMsat'>; value: NodeQuote }
  reusableOffer: { params: Readonly<{ name: string }>; value: ReusableOffer }
  /** Sends probes along the best route, whatever is thought of it; answers how many. */
  probe: { params: Readonly<{ payee: Payee; amountMsat: bigint }>; value: number }
  /** Answers when the payment has ended; the caller may stop waiting before. */
  send: { params: PaymentOrder; value: AttemptRow }
  /** `carried`: LDK knows the payment. A pending attempt that LDK does not carry will never end by itself. */
  lookup: { params: Readonly<{ id: string }>; value: Readonly<{ attempt: AttemptRow | undefined; carried: boolean }> }
  /** What changed the balance without the caller's knowing: all but payments it sent. */
  events: { params: Readonly<{ after: bigint; limit: bigint }>; value: readonly NodeEvent[] }
  /** Answers the invoice. The four calls below it answer what stands after them; undefined when there is no such hold. */
  createHold: { params: NewHold; value: string }
  settleHold: { params: Readonly<{ paymentHash: string; preimage: string }>; value: NodeHold | undefined }
  cancelHold: { params: Readonly<{ paymentHash: string }>; value: NodeHold | undefined }
  lookupHold: { params: Readonly<{ paymentHash: string }>; value: NodeHold | undefined }
  heldNow: { params: undefined; value: readonly NodeHold[] }
  balance: { params: undefined; value: NodeHoldings }
  planWithdrawal: { params: WithdrawalTerms; value: WithdrawalOrder }
  /** Idempotent by id. */
  withdraw: { params: Readonly<{ id: string; order: WithdrawalOrder }>; value: WithdrawalState }
  closeChannel: { params: Readonly<{ channelId: string; force: boolean }>; value: undefined }
  status: { params: undefined; value: NodeStatus }
  report: { params: undefined; value: NodeReport }
}

export type CallName = keyof NodeCalls

/** Parent to worker. */
export type ToWorker =
  /** `now`: the parent's clock, ms. */
  | Readonly<{ kind: 'start'; start: WorkerStart; now: number }>
  /** A test has moved it. */
  | Readonly<{ kind: 'clock'; now: number }>
  | Readonly<{ kind: 'call'; id: number; name: CallName; params: unknown }>

export type CallError = Readonly<{ code: ErrorCode | undefined; message: string; hint: string | undefined; meta: Meta }>

/** Worker to parent. `received`: there is a new event of that kind. */
export type FromWorker =
  | Readonly<{ kind: 'ready'; nodeId: string }>
  | Readonly<{ kind: 'refused'; error: CallError }>
  | Readonly<{ kind: 'received' }>
  /** The process ends now, on purpose, and wants a successor. */
  | Readonly<{ kind: 'recycling' }>
  | Readonly<{ kind: 'closed'; reasons: readonly string[] }>
  | Readonly<{ kind: 'answer'; id: number; value: unknown }>
  | Readonly<{ kind: 'error'; id: number; error: CallError }>
