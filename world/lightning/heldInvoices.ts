import { createHash, randomBytes } from 'node:crypto'
import type { LightningNode } from '../../adapters/lightning/embedded/node/lightningNode.ts'
import { cancelHold, createHold, heldNow, settleHold } from '../../adapters/lightning/embedded/payments/holds.ts'
import { preimageKey } from './waitingPayments.ts'

/** What becomes of a payment that has waited. */
export type Ending = 'taken' | 'given_back'

/** So long a payment waits, by the clock of the network: a gateway has called it unknown by then. */
const HELD_MS = 300_000

/** Where the node's file keeps what will become of a payment, for a process after this one. */
const endingKey = (paymentHash: string) => `world ending ${paymentHash}`

type Wanted = Readonly<{ amountMsat: bigint; descriptionHash: string; expiresAt: number }>

/** An invoice of a payee who lets its payment wait for HELD_MS, and takes it then or gives it back. */
export async function heldInvoice(node: LightningNode, wanted: Wanted, ending: Ending): Promise<string> {
  const preimage = randomBytes(32)
  const paymentHash = createHash('sha256').update(preimage).digest('hex')
  node.store.write('INSERT INTO meta (key, value) VALUES (?, ?)', preimageKey(paymentHash), preimage)
  node.store.write('INSERT INTO meta (key, value) VALUES (?, ?)', endingKey(paymentHash), Buffer.from(ending))
  const invoice = createHold(node, { ...wanted, paymentHash, description: '', holdableMs: HELD_MS })
  await node.pump.committed()
  return invoice
}

/** Ends what has waited for its time, also what an earlier process has let wait. */
export function endHeld(node: LightningNode): void {
  for (const { paymentHash, heldAt } of heldNow(node)) {
    const ending = node.store.meta(endingKey(paymentHash))
    if (ending === undefined || Number(heldAt) + HELD_MS > node.now()) continue // A time, in ms.
    if (Buffer.from(ending).toString() === 'given_back') cancelHold(node, paymentHash)
    else settleHold(node, paymentHash, Buffer.from(node.store.meta(preimageKey(paymentHash))!).toString('hex'))
    node.pump.schedule()
  }
}
