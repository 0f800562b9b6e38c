import type { PartyId } from '../../ports/ids.ts'
import type { TlvRecord } from '../../ports/sender.ts'
import type { BookingContext, HeldPayment, ReturnedPayout } from './bookingContext.ts'

type KeysendOwner = ReturnType<NonNullable<BookingContext['keysends']>['ownerOf']>

/** What one wing above pay-ins knows of money that arrives and that no intent, request or split has asked for. */
type ArrivalOwner = Readonly<{
  /** Whose balance it is for, by the reference that the rail names. */
  partyOf?: (reference: string) => PartyId | undefined
  /** Whose a payment without an invoice is, by the records that came with it. */
  keysendOwner?: (records: readonly TlvRecord[]) => KeysendOwner
  /** What it was held for at a node, by its payment hash. */
  heldPayment?: (hash: string) => HeldPayment | undefined
  /** The payout of an attempt that came back: found once its rail's word on it is durable. */
  returnedPayout?: (attempt: string) => Promise<ReturnedPayout> | undefined
  /** The invoice with this payment hash that was made here for somebody. */
  ownInvoice?: (paymentHash: string) => string | undefined
}>

/** Asks each wing that has registered, in the order in which they did, until one knows. */
export type ArrivalOwners = Required<ArrivalOwner> & Readonly<{ add: (owner: ArrivalOwner) => void }>

/** Wings above pay-ins register here when they open, before the books start, so that pay-ins ask them without knowing them. */
export function createArrivalOwners(): ArrivalOwners {
  const owners: ArrivalOwner[] = []

  function first<T>(ask: (owner: ArrivalOwner) => T | undefined): T | undefined {
    for (const owner of owners) {
      const known = ask(owner)
      if (known !== undefined) return known
    }
    return undefined
  }

  return {
    add: (owner) => void owners.push(owner),
    partyOf: (reference) => first((owner) => owner.partyOf?.(reference)),
    keysendOwner: (records) => first((owner) => owner.keysendOwner?.(records)),
    heldPayment: (hash) => first((owner) => owner.heldPayment?.(hash)),
    returnedPayout: (attempt) => first((owner) => owner.returnedPayout?.(attempt)),
    ownInvoice: (paymentHash) => first((owner) => owner.ownInvoice?.(paymentHash)),
  }
}
