import type { ChainHead } from '../../audit/receipt/receiptUpdate.ts'
import type { Fact } from '../../ports/books.ts'
import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { Cursor, EntryId, Hex, ReceiptId, SuspenseActionId } from '../../ports/ids.ts'
import type { EvmRailName, RailName } from '../../ports/railName.ts'
import type { Settlement } from '../../ports/receiver.ts'

/** What a rail reported: `units` of `asset` (its id) at `place`. */
export type ReportData = Readonly<{ rail: RailName; place: string; cursor: Cursor; asset: string; units: string }>

/** What a booking says of whose the money is. */
export type OwnerData = Readonly<{
  /** All that the hub's pot of the split has received by now: the base of its next division. */
  potReceived?: string
  toPlace?: string
  /** Why it stands in suspense, and what its payer wrote. */
  suspense?: string
  remittance?: string
  exchange?: string
  /** The payout that it came back of. */
  payout?: string
  /** The receipt of the paid request whose authorization was collected. */
  request?: string
  party?: string
  /** The preimage of a party's own invoice. */
  proof?: string
  /** By what name a payment without an invoice was for the party, and the podcast that it names. */
  keysend?: string
  podcast?: string
  /** A voucher channel, and its terms when this deposit opened it. */
  channel?: Hex
  salt?: string
  closer?: Hex
  /** For a person to see. */
  exception?: string
}>

type Optional = OwnerData &
  Readonly<{
    reference?: string
    splitId?: Hex
    /** The account that a claim has paid. */
    account?: Hex
    payer?: string
    payerIban?: string
    /** The entry that booked it; absent when nothing moved. */
    entry?: EntryId
    /** The settlement that was taken back and is here again, and the payment that it is of. */
    instead?: string
    payment?: string
  }>

export type BookedData = ReportData & Readonly<{ kind: Settlement['kind'] }> & Optional

/** A rail is first seen: its stream begins at the cursor, and nothing was reported yet. */
type OpeningData = Readonly<{ rail: RailName; cursor: Cursor; kind: 'opening' }> &
  Readonly<{ [K in keyof Optional | 'place' | 'asset' | 'units']?: undefined }>

/** `outcome`: `declined` means that the entry `booked` stands, because it could not be undone. `movement`: see `movementKey`. */
export type DemotedData = ReportData &
  Readonly<{
    settlement: string
    movement: string
    outcome: 'never_booked' | 'taken_back' | 'declined'
    booked?: EntryId
    /** What the undone entry was of: the receipt of a paid request, an intent, a party. */
    payment?: string
    /** The last entry of its receipt's chain, which this demotion has written. */
    head?: ChainHead
    onPot?: 'yes'
    splitId?: string
    /** The account that a claim had paid, which is not paid now. */
    account?: Hex
    potReceived?: string
    exception?: string
  }>

export type BookedFact = FactOf<'settlement.booked', string, BookedData | OpeningData>
export type DemotedFact = FactOf<'settlement.demoted', string, DemotedData>

/** A voucher over `cumulative` units of the channel in all, after one over `previous`. */
type VoucherFact = FactOf<
  'voucher.accepted',
  ReceiptId,
  Readonly<{ rail: EvmRailName; channel: Hex; previous: string; cumulative: string; signature: Hex; entry: EntryId }>
>

/** The last voucher of a channel that is being closed: no other follows. It may be below the one before. */
export type FinalVoucherFact = FactOf<
  'voucher.final',
  Hex,
  Readonly<{ rail: EvmRailName; channel: Hex; previous: string; cumulative: string; signature: Hex }>
>

/**
 * Every fact about money that a rail reported. `settlement.matched`: what stood in suspense was for this receipt. The room of vouchers writes
 * `voucher.accepted` and `voucher.final`, the wing `suspense` what begins so; they are declared here, where the state of a channel and of what waits is kept.
 */
export type SettlementFact =
  | BookedFact
  | DemotedFact
  | VoucherFact
  | FinalVoucherFact
  | FactOf<'settlement.matched', ReceiptId, Readonly<{ settlement: string }>>
  /** By an operator's hand: `units` of what waits were given to somebody, or money that was found waits from now on. */
  | FactOf<'suspense.taken', SuspenseActionId, Readonly<{ item: string; units: string }>>
  | FactOf<'suspense.put', SuspenseActionId, Readonly<{ rail: RailName; asset: string; units: string; note: string }>>
  | FactOf<'capital.opened', RailName, Readonly<{ rail: RailName }>>

const kinds = factKinds<SettlementFact>({
  'settlement.booked': true,
  'settlement.demoted': true,
  'settlement.matched': true,
  'suspense.taken': true,
  'suspense.put': true,
  'voucher.accepted': true,
  'voucher.final': true,
  'capital.opened': true,
})

/** A fact about what a rail reported as the journal takes it. */
export const toSettlementFact = kinds.write
/** The fact about what a rail reported as it was written; undefined for another room's. */
export const readSettlementFact = kinds.read

/** What arrived with a reference of its rail, as it was booked. */
type ArrivedData = Readonly<{
  rail: RailName
  reference: string
  units: bigint
  /** The preimage, where the rail gave one. */
  proof: string | undefined
  keysend: string | undefined
  podcast: string | undefined
}>

/** The booked settlement that names a reference, for who waits for one; undefined for every other fact. */
export function readArrival(fact: Fact): ArrivedData | undefined {
  const booked = readSettlementFact(fact)
  if (booked?.type !== 'settlement.booked' || booked.data.kind === 'opening' || booked.data.reference === undefined) return undefined
  const { rail, reference, units, proof, keysend, podcast } = booked.data
  return { rail, reference, units: BigInt(units), proof, keysend, podcast }
}
