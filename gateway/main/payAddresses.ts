import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import { openPublicHttp } from '../../adapters/publicHttp/openPublicHttp.ts'
import type { GatewayConfig } from '../config.ts'
import { addressSender } from '../lnurl/addressSender.ts'
import { createTakenInvoices } from '../lnurl/takenInvoices.ts'
import type { Books } from '../ports/books.ts'
import type { Clock } from '../ports/clock.ts'
import type { Sender } from '../ports/sender.ts'

/** The senders, of which the Lightning one pays Lightning Addresses and LNURLs too. Call it before the books start. */
export function payAddresses(config: GatewayConfig, o: { senders: readonly Sender[]; books: Books; clock: Clock }): Sender[] {
  const http = openPublicHttp({ localHosts: config.lnurl.localHosts })
  const parts = { http, readInvoice: readBolt11, books: o.books, taken: createTakenInvoices(o.books), clock: o.clock }
  return o.senders.map((sender) => (sender.rail === 'lightning' ? addressSender(sender, parts) : sender))
}
