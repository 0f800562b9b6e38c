import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { LightningNode } from '../../adapters/lightning/embedded/node/lightningNode.ts'
import { reusableOffer } from '../../adapters/lightning/embedded/payments/reusableOffer.ts'
import type { Route } from './jsonServer.ts'
import { payAndWait } from './payAndWait.ts'

const PAY_DEADLINE_MS = 30_000
const FEE_MSAT_MAX = 1_000_000n
const payRequest = z.strictObject({
  offer: z.string(),
  amountMsat: z
    .string()
    .regex(/^\d{1,18}$/)
    .transform(BigInt),
})

/** A direct peer of the gateway's that speaks BOLT 12: `POST /offer {}` answers its offer, `POST /payOffer {offer, amountMsat}` pays one. */
export function offerRoutes(node: LightningNode): Record<string, Route> {
  return {
    'POST /offer': async () => {
      const { offer } = reusableOffer(node, 'the peer', node.now())
      await node.pump.committed()
      return { offer }
    },
    'POST /payOffer': async ({ body }) => {
      const { offer, amountMsat } = payRequest.parse(JSON.parse(body))
      const order = { id: `peer ${randomUUID()}`, payee: { kind: 'offer', offer }, amountMsat, feeMaxMsat: FEE_MSAT_MAX } as const
      const row = await payAndWait(node, order, PAY_DEADLINE_MS)
      if (row.state !== 'settled') throw new Error(`the payment failed: ${row.reason} (${row.detail})`)
      return { preimage: row.preimage, paymentHash: row.paymentHash }
    },
  }
}
