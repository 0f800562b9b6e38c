import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { LightningNode } from '../../adapters/lightning/embedded/node/lightningNode.ts'
import { cancelHold, createHold, holdState, settleHold } from '../../adapters/lightning/embedded/payments/holds.ts'
import type { Route } from './jsonServer.ts'

const INVOICE_LIFE_MS = 3_600_000
const holdRequest = z.strictObject({
  amountMsat: z
    .string()
    .regex(/^\d{1,18}$/)
    .transform(BigInt),
  /** How long the payee wants to be able to wait. */
  holdableMs: z.int().min(0).max(1_000_000_000).default(0),
})
const named = z.strictObject({ paymentHash: z.string().regex(/^[0-9a-f]{64}$/) })

/** Where the node's file keeps what opens a payment, for a process after this one. */
export const preimageKey = (paymentHash: string) => `world preimage ${paymentHash}`

/** A payee who lets payments wait: `POST /hold {amountMsat, holdableMs}` makes an invoice, `POST /settle` takes its payment, `POST /cancel` gives it back. */
export function waitingPayments(node: LightningNode): Record<string, Route> {
  const stateAfter = async (paymentHash: string) => {
    await node.pump.committed()
    return { state: holdState(node, paymentHash)?.state }
  }
  return {
    'POST /hold': async ({ body }) => {
      const { amountMsat, holdableMs } = holdRequest.parse(JSON.parse(body))
      const preimage = randomBytes(32)
      const paymentHash = createHash('sha256').update(preimage).digest('hex')
      node.store.write('INSERT INTO meta (key, value) VALUES (?, ?)', preimageKey(paymentHash), preimage)
      const expiresAt = node.now() + INVOICE_LIFE_MS
      const invoice = createHold(node, { paymentHash, amountMsat, description: 'waits', expiresAt, holdableMs })
      await node.pump.committed()
      return { invoice, paymentHash }
    },
    'POST /settle': ({ body }) => {
      const { paymentHash } = named.parse(JSON.parse(body))
      const preimage = node.store.meta(preimageKey(paymentHash))
      if (preimage === undefined) throw new Error(`no payment with ${paymentHash} was asked for`)
      settleHold(node, paymentHash, Buffer.from(preimage).toString('hex'))
      return stateAfter(paymentHash)
    },
    'POST /cancel': ({ body }) => {
      const { paymentHash } = named.parse(JSON.parse(body))
      cancelHold(node, paymentHash)
      return stateAfter(paymentHash)
    },
    'POST /held': async ({ body }) => stateAfter(named.parse(JSON.parse(body)).paymentHash),
  }
}
