import type { Asset } from '../../money/asset.ts'
import { BTC } from '../../money/asset.ts'
import type { Payouts } from '../../payouts/payout/payouts.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { PartyId } from '../../ports/ids.ts'
import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import type { Rates } from '../../ports/rates.ts'
import type { Receiver } from '../../ports/receiver.ts'
import type { ReusableOffers } from '../../ports/reusableOffers.ts'
import type { WalletApps } from '../../ports/walletApps.ts'
import { createAppMethods } from './appMethods.ts'
import { createAppPayments } from './appPayments.ts'
import { type Apps, createApps } from './apps.ts'
import { createKeysends, type Keysends } from './keysends.ts'
import { createLightningAddresses, type LightningAddresses } from './lightningAddresses.ts'
import { createLogins, type Logins } from './logins.ts'
import { createPartyInvoices, type PartyInvoices } from './partyInvoices.ts'
import { createSpending } from './spending.ts'
import { createStandingOffers, type StandingOffers } from './standingOffers.ts'
import { walletKey } from './walletKey.ts'
import { createWithdrawLinks, type WithdrawLinks } from './withdrawLinks.ts'

/** What the faces call about parties' wallets. */
export type Wallet = Readonly<{
  invoices: PartyInvoices
  addresses: LightningAddresses
  withdrawLinks: WithdrawLinks
  logins: Logins
  offers: StandingOffers
  /** Whose an arriving payment is, by the reference that the rail names: an invoice's, or a standing offer's. */
  partyOf: (reference: string) => PartyId | undefined
  keysends: Keysends
  /** The node that takes keysends for the names here; undefined when none does. */
  keysendNode: () => string | undefined
  apps: Apps
  /** What apps reach over relays. */
  appMethods: WalletApps
  relays: readonly string[]
}>

export type WalletParts = Readonly<{
  books: Books
  payouts: Payouts
  /** The Lightning rail, when there is one. */
  receiver: Receiver | undefined
  /** The Lightning node's own key: what is payable to it stays in the books. */
  nodeId: () => string | undefined
  /** BOLT 12 offers, when the Lightning node makes them. */
  reusableOffers: ReusableOffers | undefined
  /** The node whose reports carry the records of a keysend, if it does. */
  keysendNode: () => string | undefined
  rates: Rates
  readInvoice: InvoiceReader
  /** 32 bytes that stay with the data. */
  key: Buffer
  clock: Clock
  ids: IdSource
  assetOf: (id: string) => Asset
  /** Where apps find their wallets; none when it is empty. */
  relays: readonly string[]
  /** Bitcoin's, as apps are told it. */
  network: 'mainnet' | 'testnet' | 'regtest'
}>

/** Puts the room together. Make it before the books start: its parts learn what stands from their facts. */
export function createWallet(o: WalletParts): Wallet {
  const spending = createSpending(o.books)
  const key = walletKey(o.key)
  const invoices = createPartyInvoices({ ...o, asset: BTC })
  const apps = createApps({ ...o, key })
  const addresses = createLightningAddresses(o)
  const offers = createStandingOffers({ ...o, rail: o.reusableOffers })
  return {
    invoices,
    apps,
    relays: o.relays,
    appMethods: createAppMethods({ ...o, apps, invoices, payments: createAppPayments({ ...o, spending }) }),
    addresses,
    offers,
    partyOf: (reference) => invoices.partyOf(reference) ?? offers.partyOf(reference),
    keysends: createKeysends({ books: o.books, addresses }),
    keysendNode: o.keysendNode,
    withdrawLinks: createWithdrawLinks({ ...o, spending, key }),
    logins: createLogins(o),
  }
}
