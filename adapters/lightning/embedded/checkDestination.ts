import { ECDH } from 'node:crypto'
import type { Destination } from '../../../gateway/ports/sender.ts'
import { offerTrouble } from '../bolt12.ts'
import { refusedInvoiceAmount } from '../invoiceAmount.ts'
import { refusedRecords } from '../tlvRecords.ts'
import { readInvoice, refusalToPay } from './invoice.ts'
import { NETWORK } from './ldk/httpChain.ts'

const COMPRESSED_KEY = /^0[23][0-9a-f]{64}$/

/** Why this destination could never be paid from this node, or undefined. LDK stops the whole process on a key that is no point: it is checked here. */
export function checkDestination(destination: Destination, we: { nodeId: string; now: number }): string | undefined {
  if (destination.kind === 'lightning_invoice') {
    const invoice = readInvoice(destination.invoice)
    return typeof invoice === 'string' ? invoice : refusalToPay(invoice, { ...we, network: NETWORK })
  }
  if (destination.kind === 'lightning_offer') return offerTrouble(destination.offer)
  if (destination.kind !== 'lightning_node') return `the lightning rail does not pay to ${destination.kind}`
  if (!isPublicKey(destination.nodeId)) return 'the node id is not a public key: 66 lower-case hex digits'
  const refused = refusedRecords(destination.records ?? [])
  if (refused !== undefined) return refused
  return destination.nodeId === we.nodeId ? 'the node is our own: pay from a balance held here' : undefined
}

/** Why this destination cannot be paid this very amount, or undefined. */
export function checkAmount(destination: Destination, amountMsat: bigint): string | undefined {
  if (amountMsat <= 0n) return 'the amount is not positive'
  if (destination.kind !== 'lightning_invoice') return undefined
  const invoice = readInvoice(destination.invoice)
  return typeof invoice === 'string' ? invoice : refusedInvoiceAmount(invoice, amountMsat)
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
