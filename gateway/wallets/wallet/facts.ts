import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { PartyId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { Address, AddressSuccess } from './address.ts'
import type { App, AppMethod } from './app.ts'
import type { BudgetPeriod } from './budgetPeriod.ts'
import type { InvoicePurpose } from './partyInvoice.ts'
import type { WithdrawLink } from './withdrawLink.ts'

/** The fact says all by its type and id. */
type Nothing = Readonly<Record<string, never>>

type AddressData = Omit<Address, 'name' | 'createdAt' | 'minMsat' | 'maxMsat' | 'success'> &
  Readonly<{ minMsat: string; maxMsat: string; success: AddressSuccess | null }>

/** `reference` is how the rail names payments of the offer. */
type OfferData = Readonly<{ party: PartyId; offer: string; reference: string }>

/** `units` in msat. */
type InvoiceData = Readonly<{ party: PartyId; units: string; invoice: string; purpose: InvoicePurpose; expiresAt: number }>

/** `asset` is the id of the asset in which the link's budget is. */
type LinkData = Readonly<{
  party: PartyId
  asset: string
  units: string
  uses: number
  description: string
  expiresAt: number
  metadata?: Metadata
}>

type AppData = Readonly<{
  party: PartyId
  name: string
  methods: readonly AppMethod[]
  budgetMsat: string
  period: BudgetPeriod
  expiresAt: number | null
  metadata?: Metadata
}>

/** `units` in the allowance's asset; `key` is what the caller names the use by. */
type UseData = Readonly<{ payout: string; units: string; key: string }>

/**
 * Every fact that this room writes. Facts of addresses and their offers are named by the address's name, of invoices by the payment hash, of uses by the
 * allowance: a withdrawal link or an app.
 */
export type WalletFact =
  | FactOf<'lightning_address.created', string, AddressData>
  | FactOf<'lightning_address.closed', string, Nothing>
  | FactOf<'lightning_address.offered', string, OfferData>
  | FactOf<'party_invoice.made', string, InvoiceData>
  | FactOf<'withdraw_link.created', WithdrawLink['id'], LinkData>
  | FactOf<'withdraw_link.canceled', WithdrawLink['id'], Nothing>
  | FactOf<'wallet_app.created', App['id'], AppData>
  | FactOf<'wallet_app.revoked', App['id'], Nothing>
  | FactOf<'allowance.used', string, UseData>

const kinds = factKinds<WalletFact>({
  'lightning_address.created': true,
  'lightning_address.closed': true,
  'lightning_address.offered': true,
  'party_invoice.made': true,
  'withdraw_link.created': true,
  'withdraw_link.canceled': true,
  'wallet_app.created': true,
  'wallet_app.revoked': true,
  'allowance.used': true,
})

/** A fact of this room as the journal takes it. */
export const toWalletFact = kinds.write
/** The fact as this room wrote it; undefined for another room's. */
export const readWalletFact = kinds.read
