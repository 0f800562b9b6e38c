import { createHash, randomBytes } from 'node:crypto'

/** Keys that were made and not used: a try that is declined never asks for its own. */
const WAITING_MAX = 10_000

/** What a payment without an invoice is known by, and the preimage that goes with it. */
type KeysendKey = Readonly<{ paymentHash: string; preimage: string }>

/**
 * The hash of a keysend becomes durable with its attempt, before the attempt is handed over; until then its preimage waits here. A process that dies in
 * between takes it along: then nothing was sent, and nothing of that hash ever can be.
 */
export function createKeysendKeys() {
  const waiting = new Map<string, string>()

  function fresh(): KeysendKey {
    const preimage = randomBytes(32)
    return { paymentHash: createHash('sha256').update(preimage).digest('hex'), preimage: preimage.toString('hex') }
  }

  return {
    /** A new hash, whose preimage waits for the attempt. */
    make(): string {
      const { paymentHash, preimage } = fresh()
      waiting.set(paymentHash, preimage)
      if (waiting.size > WAITING_MAX) waiting.delete(waiting.keys().next().value!)
      return paymentHash
    },
    /** The key of this hash, once, or a new one where no hash was fixed; undefined when its preimage went with an earlier process. */
    take(paymentHash: string | undefined): KeysendKey | undefined {
      if (paymentHash === undefined) return fresh()
      const preimage = waiting.get(paymentHash)
      waiting.delete(paymentHash)
      return preimage === undefined ? undefined : { paymentHash, preimage }
    },
  }
}

export type KeysendKeys = ReturnType<typeof createKeysendKeys>
