import type { ReceiptSigner } from '../../audit/receipt/receipt.ts'
import type { HeadOf } from '../../audit/receipt/receiptChain.ts'
import type { ChainHead } from '../../audit/receipt/receiptUpdate.ts'
import type { Asset } from '../../money/asset.ts'
import type { Money } from '../../money/money.ts'
import type { Parties } from '../../parties/party/parties.ts'
import type { Splits } from '../../parties/party/splits.ts'
import type { AccountPath, Claim, Fact, Leg } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { EntryId, PartyId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Settlement } from '../../ports/receiver.ts'
import type { ReturnMeaning } from '../../ports/returnMeaning.ts'
import type { TlvRecord } from '../../ports/sender.ts'
import type { IntentRecords } from '../intent/intentRecords.ts'
import type { OwnerData } from './facts.ts'
import type { SettlementRecords } from './settlementRecords.ts'

/** A settlement that says that something moved; a demotion says that it did not. */
export type Movement = Omit<Settlement, 'kind'> & Readonly<{ kind: Exclude<Settlement['kind'], 'demoted'> }>

/** What one settlement means to the books: claims, facts and legs to submit together. */
export type Booking = Readonly<{ claims: Claim[]; facts: Fact[]; legs: Leg[]; payment: string }>

/** The money is where it arrived; where it goes from there. */
export type Target = Readonly<{ legs: Leg[]; facts?: Fact[]; claims?: Claim[]; extra?: OwnerData; payment: string }>

/** What decides where a settlement belongs. */
export type BookingContext = Readonly<{
  intents: IntentRecords
  settlements: SettlementRecords
  requests: HeldAuthorizations
  parties: Parties
  /** Whose balance an invoice was made for, by the reference of its payment. */
  invoices?: Readonly<{ partyOf: (reference: string) => PartyId | undefined }>
  /** Whose a payment without an invoice is, by the records that came with it. */
  keysends?: Readonly<{
    ownerOf: (records: readonly TlvRecord[]) => { party: PartyId; name: string; podcast: string | undefined } | undefined
  }>
  splits: Splits
  receipts: ReceiptSigner
  clock: Clock
  bookAsset: Asset
  /** What it means to what may be owed that a request's money has come; `moneyLegs`: how many legs of its entry are about money. */
  settledLegs?: (request: HeldAuthorization & Readonly<{ moneyLegs: number; delivered: boolean }>) => Leg[]
  /** The payment that waits at a node under this hash, where there is a node that holds and somebody who asked it to. */
  heldPayment?: (hash: string) => HeldPayment | undefined
  headOf?: HeadOf
  /** The payout of an attempt that came back. */
  returnedPayout?: (attempt: string) => Promise<ReturnedPayout> | undefined
}>

/** The paid requests whose authorizations are held: which one a collected authorization was for, and what of its entry is to be posted. */
type HeldAuthorizations = Readonly<{
  byAuthorization: (rail: RailName, reference: string) => HeldAuthorization | undefined
  /** Where the chain of its receipt stands. */
  headOf: (receipt: string) => ChainHead | undefined
  /** What is booked with the money of this receipt when it comes. */
  besideBooking: (receipt: string, at: number) => BesideBooking
}>

/**
 * What is booked with the money of a paid request. `delivered`: its work is done. `goesBack`: its work failed before, and the money goes on to its payer in
 * the same commit.
 */
export type BesideBooking = Readonly<{
  claims: readonly Claim[]
  facts: readonly Fact[]
  legs: readonly Leg[]
  delivered: boolean
  goesBack: boolean
}>

export type HeldAuthorization = Readonly<{
  receipt: string
  payer: string
  entry: EntryId
  converted: bigint
  price: bigint
  exposed: boolean
}>

/** How a settlement is booked. `inKind`: given in the asset in which it came, because it cannot be converted now. `returned`: the payout it came back of. */
export type Manner = Readonly<{ inKind: boolean; returned: ReturnedPayout | undefined }>

/** Why something came back: the rail's own code, and what it means. */
type ReturnReason = Readonly<{ reason: string | undefined; meaning: ReturnMeaning | undefined }>

/** A payout that something came back of: its id, and what that means to the books; undefined when it is not for the payout to have. */
export type ReturnedPayout = Readonly<{
  id: string
  booking: (
    came: Readonly<{ settlement: string; place: AccountPath; amount: Money; at: number; inKind: boolean }> & ReturnReason,
  ) => Readonly<{ legs: Leg[]; facts: readonly Fact[]; claims: readonly Claim[] }> | undefined
}>

/** A payment that the node held for somebody (an exchange): its id, and what the rail's report that it is ours means to the books. */
export type HeldPayment = Readonly<{
  id: string
  booking: (arrival: Readonly<{ place: AccountPath; amount: Money; at: number }>) => { legs: Leg[]; facts: Fact[] }
}>
