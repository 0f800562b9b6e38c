import type { AuthenticatedLnd } from 'lightning'
import type { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import { type Asset, sameAsset } from '../../../../gateway/money/asset.ts'
import type { Clock } from '../../../../gateway/ports/clock.ts'
import type { Attempt, Destination, Sender } from '../../../../gateway/ports/sender.ts'
import { readBolt11 } from '../../bolt11.ts'
import { isSilence, LndError, messageOf } from '../node/lndCall.ts'
import type { Network } from '../node/network.ts'
import type { LndStore } from '../node/store.ts'
import { estimateOf } from './estimate.ts'
import { payeeOf, refusedAmount } from './invoice.ts'
import { createPayer, type Payer, type SentTerms } from './payer.ts'
import { explainNoRoute, quotePayment } from './quote.ts'
import { silentOutcome } from './translate.ts'

/** LND's own default; the client's is one part, with which larger payments find no route. */
const PARTS_MAX = 16
/** Of a payment that found no way in so many: smaller parts fit where larger ones do not. */
const MANY_PARTS_MAX = 64

type SenderParts = Readonly<{
  lnd: AuthenticatedLnd
  store: LndStore
  asset: Asset
  clock: Clock
  nodeId: string
  network: Network
  log: (line: string) => void
  outgoingChannels?: readonly string[]
  /** Why this is not the node that the journal was written with, if it is not: its word on an attempt would be another node's. */
  refusal?: () => GatewayError | undefined
}>

/** Pays invoices and nodes. */
export function createSender(parts: SenderParts): { sender: Sender; underWay: Payer['underWay'] } {
  const { lnd, asset, clock, nodeId, network } = parts
  const payer = createPayer({ ...parts, explain: (order) => explainNoRoute(lnd, order) })
  const us = () => ({ nodeId, network, now: clock.now() })
  const sender: Sender = {
    rail: 'lightning',
    asset,
    serves: ['lightning_invoice', 'lightning_node'],
    feesComeBy: 'outcome',
    railKey: (destination) => (destination.kind === 'lightning_node' ? payer.keysendHash() : invoiceHash(destination)),
    check: (destination) => {
      const payee = payeeOf(destination, us())
      return typeof payee === 'string' ? payee : undefined
    },
    owns: (destination) => (destination.kind === 'lightning_node' && destination.nodeId === nodeId ? 'our own Lightning node' : undefined),
    estimate: async ({ amount, destination }) => {
      invariant(sameAsset(amount.asset, asset), 'a Lightning estimate is in bitcoin')
      const payee = payeeOf(destination, us())
      const refused = typeof payee === 'string' ? payee : refusedAmount(payee, amount.units)
      if (typeof payee === 'string' || refused !== undefined)
        return { kind: 'impossible', reason: 'invalid_destination', detail: refused ?? 'not served' }
      try {
        const quote = await quotePayment(lnd, payee, amount.units)
        return estimateOf(quote, { amountMsat: amount.units, asset })
      } catch (error) {
        // What LND did not answer, or could not be asked, it has not refused: the port's caller takes a throw for silence.
        if (!(error instanceof LndError) || isSilence(error.fault)) throw error
        return { kind: 'impossible', reason: 'rejected_by_rail', detail: messageOf(error) }
      }
    },
    send: async ({ id, amount, feeMax, destination, railKey, changed }, { signal, acknowledged }) => {
      const other = parts.refusal?.()
      if (other) return silentOutcome(other.shortMessage)
      invariant(sameAsset(amount.asset, asset) && sameAsset(feeMax.asset, asset), 'a Lightning attempt is in bitcoin')
      if (payer.knows(id)) return payer.follow(id, signal, acknowledged)
      const payee = payeeOf(destination, us())
      const refused = typeof payee === 'string' ? payee : refusedAmount(payee, amount.units)
      if (typeof payee === 'string' || refused !== undefined)
        return { kind: 'failed', reason: 'invalid_destination', detail: refused ?? 'not served' }
      const partsMax = changed?.includes('more_parts') ? MANY_PARTS_MAX : PARTS_MAX
      const order = { id, payee, amountMsat: amount.units, feeMaxMsat: feeMax.units, partsMax }
      return payer.pay(railKey === undefined ? order : { ...order, paymentHash: railKey }, signal, acknowledged)
    },
    lookup: async (id, sent) => {
      const other = parts.refusal?.()
      return other ? silentOutcome(other.shortMessage) : payer.lookup(id, sent && termsOf(sent))
    },
  }
  return { sender, underWay: payer.underWay }
}

/** An attempt in this rail's terms; undefined for one that has got no invoice yet, and so was never handed to this rail. */
function termsOf({ amount, feeMax, destination, railKey }: Attempt): SentTerms | undefined {
  const terms = { amountMsat: amount.units, feeMaxMsat: feeMax.units }
  if (destination.kind === 'lightning_node') return { ...terms, paymentHash: railKey, destination: destination.nodeId }
  if (destination.kind !== 'lightning_invoice') return undefined
  return { ...terms, paymentHash: railKey ?? invoiceHash(destination), destination: destination.invoice }
}

function invoiceHash(destination: Destination): string | undefined {
  const read = destination.kind === 'lightning_invoice' ? readBolt11(destination.invoice) : ''
  return typeof read === 'string' ? undefined : read.paymentHash
}
