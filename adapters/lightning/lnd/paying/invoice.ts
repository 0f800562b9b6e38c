import { ECDH } from 'node:crypto'
import type { ReadInvoice } from '../../../../gateway/ports/invoiceReader.ts'
import type { Destination, TlvRecord } from '../../../../gateway/ports/sender.ts'
import { readBolt11 } from '../../bolt11.ts'
import { refusedInvoiceAmount } from '../../invoiceAmount.ts'
import { refusedRecords } from '../../tlvRecords.ts'
import type { Network } from '../node/network.ts'

const COMPRESSED_KEY = /^0[23][0-9a-f]{64}$/

/** Whom to pay, once it was found payable. */
export type Payee =
  | Readonly<{ kind: 'invoice'; text: string; invoice: ReadInvoice }>
  | Readonly<{ kind: 'node'; nodeId: string; records: readonly TlvRecord[] }>

/** Who we are and when, to judge a destination by. */
type Us = Readonly<{ nodeId: string; network: Network; now: number }>

/** The payee inside a destination, or why it could never be paid from this node. */
export function payeeOf(destination: Destination, us: Us): Payee | string {
  if (destination.kind === 'lightning_invoice') return invoicePayee(destination.invoice, us)
  if (destination.kind !== 'lightning_node') return `the lightning rail does not pay to ${destination.kind}`
  if (!isPublicKey(destination.nodeId)) return 'the node id is not a public key: 66 lower-case hex digits'
  const { nodeId, records = [] } = destination
  if (nodeId === us.nodeId) return 'the node is our own: pay from a balance held here'
  return refusedRecords(records) ?? { kind: 'node', nodeId, records }
}

/** Why this payee cannot be paid this very amount, or undefined. */
export function refusedAmount(payee: Payee, amountMsat: bigint): string | undefined {
  if (amountMsat <= 0n) return 'the amount is not positive'
  return payee.kind === 'node' ? undefined : refusedInvoiceAmount(payee.invoice, amountMsat)
}

function invoicePayee(text: string, us: Us): Payee | string {
  const read = readBolt11(text)
  if (typeof read === 'string') return read
  return refusalToPay(read, us) ?? { kind: 'invoice', text, invoice: read }
}

function refusalToPay(invoice: ReadInvoice, us: Us): string | undefined {
  if (invoice.network !== us.network) return `the invoice is for ${invoice.network}, this node is on ${us.network}`
  if (invoice.expiresAt <= us.now) return `the invoice expired at ${new Date(invoice.expiresAt).toISOString()}`
  return invoice.payeeNodeId === us.nodeId ? 'the invoice is our own: pay it from a balance held here' : undefined
}

function isPublicKey(hex: string): boolean {
  if (!COMPRESSED_KEY.test(hex)) return false
  try {
    ECDH.convertKey(hex, 'secp256k1', 'hex', 'hex', 'compressed')
    return true
  } catch {
    return false
  }
}
