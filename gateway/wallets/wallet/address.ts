import type { PartyId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'

/** What the payer is asked about himself (LUD-18). */
type PayerWishes = Readonly<Record<string, { mandatory: boolean }>>
/** Shown to the payer afterwards (LUD-09). */
export type AddressSuccess = Readonly<{ tag: 'message'; message: string }> | Readonly<{ tag: 'url'; description: string; url: string }>

/** A name under which a party is paid over Lightning: `name@` this gateway's host. Amounts in msat. */
export type Address = Readonly<{
  name: string
  party: PartyId
  description: string
  minMsat: bigint
  maxMsat: bigint
  commentMax: number
  payerData: PayerWishes
  success: AddressSuccess | undefined
  metadata?: Metadata
  createdAt: number
}>
