import { GatewayError } from '../../errors/gatewayError.ts'
import { bolt11AmountMsat } from '../../money/bolt11Amount.ts'
import type { Destination } from '../../ports/sender.ts'
import { readBitcoinUri } from '../../wallets/bitcoinUri/readBitcoinUri.ts'

/**
 * What a `bitcoin:` URI can be paid by here: its Lightning invoice, or the LNURL that stands in its place, else its BOLT 12 offer. Refuses with
 * `invalid_request`.
 */
export function uriDestination(uri: string): Destination {
  const read = readBitcoinUri(uri)
  if (typeof read === 'string') throw refuse(read)
  const { lightning, offer, amount } = read
  if (!lightning && offer) return { kind: 'lightning_offer', offer }
  if (!lightning) throw refuse('the URI names no Lightning invoice, and nothing else of it can be paid here')
  if (!/^ln(?:bc|tb)/i.test(lightning)) return { kind: 'lnurl', lnurl: lightning }
  const demanded = bolt11AmountMsat(lightning)
  if (amount && demanded !== undefined && demanded !== amount.units) {
    throw refuse('the amount of the URI is not the amount of its invoice')
  }
  return { kind: 'lightning_invoice', invoice: lightning }
}

function refuse(message: string): GatewayError {
  return new GatewayError('invalid_request', `The destination cannot be paid: ${message}`, {
    meta: { errors: [{ path: 'destinations', message }] },
  })
}
