import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import type { Destination } from '../../ports/sender.ts'
import { type Behalf, ownerOf } from '../fees/purses.ts'

/** Whom a payout counts for, such as `party:pa_1` or `node 02ab...`. */
export type Whom = string

/** The party that a payout is for, and each payee outside. */
export function whomOf(
  { behalf, destinations }: Readonly<{ behalf: Behalf; destinations: readonly Destination[] }>,
  readInvoice: InvoiceReader,
): readonly Whom[] {
  const payees = destinations.flatMap((destination) => payeeOf(destination, readInvoice) ?? [])
  return [...new Set([ownerOf(behalf), ...payees])]
}

/** Owners have no blank, and payees have one behind their kind. */
export function isPayee(whom: Whom): boolean {
  return whom.includes(' ')
}

function payeeOf(destination: Destination, readInvoice: InvoiceReader): Whom | undefined {
  switch (destination.kind) {
    case 'party':
      return undefined
    case 'lightning_invoice': {
      const read = readInvoice(destination.invoice)
      return typeof read === 'string' ? undefined : `node ${read.payeeNodeId}`
    }
    case 'lightning_node':
      return `node ${destination.nodeId}`
    case 'lightning_offer':
      return `offer ${destination.offer.slice(0, 100)}`
    case 'lightning_address':
      return `address ${destination.address.toLowerCase()}`
    case 'lnurl':
      return `lnurl ${destination.lnurl.toLowerCase().slice(0, 100)}`
    case 'evm_address':
      return `account ${destination.address.toLowerCase()}`
    case 'iban':
      return `account ${destination.iban}`
    case 'us_account':
      return `account ${destination.routing} ${destination.account}`
    case 'custom':
      return `account ${destination.rail} ${destination.account}`
  }
}

/** True for what is paid over Lightning alone. */
export function isLightning({ kind }: Destination): boolean {
  return kind.startsWith('lightning') || kind === 'lnurl'
}
