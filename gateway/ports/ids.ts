/** Ids say their kind and sort by time (UUIDv7 without dashes behind the prefix). */
export type PartyId = `pa_${string}`
export type IntentId = `pi_${string}`
export type OfferId = `of_${string}`
export type PlanId = `plan_${string}`
export type SubscriptionId = `sub_${string}`
export type InvoiceId = `inv_${string}`
export type LinkId = `pl_${string}`
export type PayoutId = `po_${string}`
export type QuoteId = `qt_${string}`
export type AttemptId = `at_${string}`
export type ExchangeId = `ex_${string}`
export type NetId = `nt_${string}`
export type WithdrawalId = `wd_${string}`
export type SuspenseActionId = `sa_${string}`
export type SplitKey = `sp_${string}`
export type EntryId = `en_${string}`
export type DecisionId = `dec_${string}`
export type KeyId = `key_${string}`
export type ReceiptId = `rc_${string}`
export type RecallId = `rcl_${string}`
export type RefundId = `rf_${string}`
export type DisputeId = `dp_${string}`
export type EndpointId = `we_${string}`

/** 0x-prefixed hex, as the chain writes it. */
export type Hex = `0x${string}`

/** Where a stream of a rail was last read: opaque to the domain, kept in the journal, handed back at start. '' is the beginning. */
export type Cursor = string
