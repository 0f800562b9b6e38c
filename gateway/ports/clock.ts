import type {
  AttemptId,
  DecisionId,
  DisputeId,
  EntryId,
  ExchangeId,
  IntentId,
  InvoiceId,
  LinkId,
  NetId,
  OfferId,
  PartyId,
  PayoutId,
  PlanId,
  RecallId,
  ReceiptId,
  RefundId,
  SplitKey,
  SubscriptionId,
  SuspenseActionId,
  WithdrawalId,
} from './ids.ts'

/** Time as the domain sees it, in milliseconds since 1970. */
export interface Clock {
  now(): number
  /** Milliseconds from no known beginning, which go on whatever is done to the machine's time; a clock without it is never set. */
  elapsedMs?(): number
  /** Told when the clock has been moved forward, so that what sleeps until a time looks again; answers how to stop. Only a test clock moves. */
  onMoved?(told: () => void): () => void
}

/** The clock of a local network, which a test puts forward, in whole seconds and never back. */
export type TestClock = Clock &
  Readonly<{
    /** How far it goes before the machine's. */
    aheadS(): number
    /** Puts it so far before the machine's, and tells who sleeps. Less than now changes nothing. */
    putAhead(seconds: number): void
    /** The same seconds as an Int32Array of one, for threads that go by this clock. */
    shared: SharedArrayBuffer
  }>

/** A new id that begins with `kind`, its prefix with the underscore, such as `pi_`. */
type NextId = <K extends string>(kind: K) => `${K}${string}`

/** New ids; random, so they come through a port and a seeded world can replay them. */
export type IdSource = Readonly<{
  /** For what is no kind of its own in `ids.ts`. */
  next: NextId
  party(): PartyId
  split(): SplitKey
  intent(): IntentId
  invoice(): InvoiceId
  link(): LinkId
  plan(): PlanId
  subscription(): SubscriptionId
  offer(): OfferId
  receipt(): ReceiptId
  entry(): EntryId
  payout(): PayoutId
  decision(): DecisionId
  attempt(): AttemptId
  net(): NetId
  exchange(): ExchangeId
  withdrawal(): WithdrawalId
  suspenseAction(): SuspenseActionId
  recall(): RecallId
  refund(): RefundId
  dispute(): DisputeId
}>

/** The ids of every kind, over what makes one with a prefix: the prefix is the kind. */
export function idSource(next: NextId): IdSource {
  return {
    next,
    party: () => next('pa_'),
    split: () => next('sp_'),
    intent: () => next('pi_'),
    invoice: () => next('inv_'),
    link: () => next('pl_'),
    plan: () => next('plan_'),
    subscription: () => next('sub_'),
    offer: () => next('of_'),
    receipt: () => next('rc_'),
    entry: () => next('en_'),
    payout: () => next('po_'),
    decision: () => next('dec_'),
    attempt: () => next('at_'),
    net: () => next('nt_'),
    exchange: () => next('ex_'),
    withdrawal: () => next('wd_'),
    suspenseAction: () => next('sa_'),
    recall: () => next('rcl_'),
    refund: () => next('rf_'),
    dispute: () => next('dp_'),
  }
}
