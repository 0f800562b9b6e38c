import type { LightningNode } from '../../adapters/lightning/embedded/node/lightningNode.ts'
import { type AttemptRow, attemptById } from '../../adapters/lightning/embedded/payments/attempts.ts'
import { beginPayment } from '../../adapters/lightning/embedded/payments/payments.ts'
import type { PaymentOrder } from '../../adapters/lightning/embedded/payments/paymentTerms.ts'

/** Pays and waits for LDK's last word. Rejects after `deadlineMs`, when the payment may still be under way. */
export function payAndWait(node: LightningNode, order: PaymentOrder, deadlineMs: number): Promise<AttemptRow> {
  const begun = beginPayment(node, order)
  node.pump.schedule()
  if (begun.state !== 'pending') return Promise.resolve(begun)
  return new Promise((resolve, reject) => {
    const stop = node.onNews(({ ended }) => {
      const row = ended.includes(order.id) ? attemptById(node.store, order.id) : undefined
      if (!row) return
      end()
      resolve(row)
    })
    const timer = setTimeout(() => {
      end()
      reject(new Error(`no outcome within ${deadlineMs} ms`))
    }, deadlineMs)
    const end = () => {
      stop()
      clearTimeout(timer)
    }
  })
}
