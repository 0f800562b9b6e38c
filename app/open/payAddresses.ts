import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import { openPublicHttp } from '../../adapters/publicHttp/openPublicHttp.ts'
import type { Books } from '../../gateway/ports/books.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { Sender } from '../../gateway/ports/sender.ts'
import { addressSender } from '../../gateway/wallets/lnurl/addressSender.ts'
import { fetchPayTerms, type PayTerms } from '../../gateway/wallets/lnurl/payTerms.ts'
import type { OpenedSuccess } from '../../gateway/wallets/lnurl/successAction.ts'
import { createTakenInvoices } from '../../gateway/wallets/lnurl/takenInvoices.ts'
import type { GatewayConfig } from '../config/config.ts'

/** Paying Lightning Addresses and LNURLs. */
type AddressPaying = Readonly<{
  /** The senders, of which the Lightning one pays addresses too. */
  senders: readonly Sender[]
  /** On what terms somebody can be paid; moves nothing. */
  resolve: (text: string) => Promise<PayTerms>
  /** What the payee showed after a payment, by the attempt that made it. */
  success: (attempt: string) => OpenedSuccess | undefined
}>

/** Call it before the books start. */
export function payAddresses(config: GatewayConfig, o: { senders: readonly Sender[]; books: Books; clock: Clock }): AddressPaying {
  const http = openPublicHttp({ localHosts: config.lnurl.localHosts })
  const taken = createTakenInvoices(o.books)
  const parts = { http, readInvoice: readBolt11, books: o.books, taken, clock: o.clock }
  return {
    senders: o.senders.map((sender) => (sender.rail === 'lightning' ? addressSender(sender, parts) : sender)),
    resolve: (text) => fetchPayTerms(text, parts),
    success: taken.success,
  }
}
