import { createHash, randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Asset, BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { HeldPayment, HoldInvoices } from '../../gateway/ports/holdInvoices.ts'
import type { Receiver } from '../../gateway/ports/receiver.ts'

/** A node that holds, and a payer who has a route to it. `pay` ends with the payment: it resolves with the preimage and rejects when it came back. */
export type HoldingNode = Readonly<{
  holds: HoldInvoices
  receiver: Receiver
  pay: (invoice: string) => Promise<{ preimage: string }>
  /** Ends the node, or the adapter's connection with it, at once, and starts it again. */
  restart: () => Promise<void>
}>

const AMOUNT = money(BTC as Asset, 21_000_000n)
const HOUR_MS = 3_600_000

export function secret(): { preimage: string; hash: string } {
  const preimage = randomBytes(32)
  return { preimage: preimage.toString('hex'), hash: createHash('sha256').update(preimage).digest('hex') }
}

/** What every backend that can hold does. */
export function holdInvoicesBehave(open: () => Promise<HoldingNode>): void {
  let node: HoldingNode
  beforeAll(async () => {
    node = await open()
  }, 60_000)

  const made = async () => {
    const { preimage, hash } = secret()
    const request = { hash, amount: AMOUNT, expiresAt: Date.now() + HOUR_MS, holdableMs: HOUR_MS, description: 'held' }
    return { preimage, hash, request, terms: await node.holds.hold(request) }
  }
  /** Pays and waits until the payment is held; `ended` says what became of it, so that nothing is left unhandled. */
  const paidAndHeld = async () => {
    const hold = await made()
    const ended = node.pay(hold.terms.invoice).then(
      ({ preimage }) => ({ kind: 'paid' as const, preimage }),
      () => ({ kind: 'returned' as const }),
    )
    return { ...hold, ended, held: await heldOf(node.holds, hold.hash) }
  }

  describe('a payment that is held', () => {
    test('waits with its amount and a deadline, and settles with the preimage', async () => {
      const { hash, preimage, ended, held } = await paidAndHeld()
      expect(held.amount).toEqual(AMOUNT)
      expect(held.decideBy).toBeGreaterThanOrEqual(Date.now() + HOUR_MS - 60_000)
      expect(await node.holds.lookup(hash)).toMatchObject({ kind: 'held', amount: AMOUNT })
      await settled(node.holds, hash, preimage)
      expect(await ended).toEqual({ kind: 'paid', preimage })
      const told = await settlementOf(node.receiver, hash)
      expect(told).toMatchObject({ kind: 'received', id: hash, reference: hash, amount: AMOUNT, proof: preimage })
      // Again, and too late to be taken back.
      expect(await node.holds.settle(hash, preimage)).toMatchObject({ kind: 'settled', amount: AMOUNT })
      expect(await node.holds.cancel(hash)).toMatchObject({ kind: 'settled' })
    }, 60_000)

    test('goes back to its payer when it is cancelled, and nothing settles it then', async () => {
      const { hash, preimage, ended } = await paidAndHeld()
      expect(await node.holds.cancel(hash)).toEqual({ kind: 'cancelled' })
      expect(await ended).toEqual({ kind: 'returned' })
      expect(await node.holds.cancel(hash)).toEqual({ kind: 'cancelled' })
      expect(await node.holds.settle(hash, preimage)).toEqual({ kind: 'cancelled' })
      expect(await node.holds.lookup(hash)).toEqual({ kind: 'cancelled' })
    }, 60_000)

    test('is told again to who begins to listen later', async () => {
      const { hash, ended } = await paidAndHeld()
      expect(await heldOf(node.holds, hash)).toMatchObject({ hash, amount: AMOUNT })
      await node.holds.cancel(hash)
      await ended
    }, 60_000)

    test('is still held after the node has been restarted, and settles then', async () => {
      const { hash, preimage, ended } = await paidAndHeld()
      await node.restart()
      await heldOf(node.holds, hash)
      await settled(node.holds, hash, preimage)
      expect(await ended).toEqual({ kind: 'paid', preimage })
    }, 90_000)
  })

  describe('an invoice that is not paid yet', () => {
    test('is the same one when it is asked for again, and refused on other terms', async () => {
      const { request, terms, hash } = await made()
      expect(await node.holds.hold(request)).toEqual(terms)
      await expect(node.holds.hold({ ...request, amount: money(BTC, 1_000n) })).rejects.toMatchObject({ code: 'idempotency_key_reused' })
      expect(await node.holds.lookup(hash)).toEqual({ kind: 'open' })
    })

    test('settles nothing, and cannot be paid once it is cancelled', async () => {
      const { hash, preimage, terms } = await made()
      expect(await node.holds.settle(hash, preimage)).toEqual({ kind: 'open' })
      expect(await node.holds.cancel(hash)).toEqual({ kind: 'cancelled' })
      await expect(node.pay(terms.invoice)).rejects.toThrow()
    }, 60_000)
  })

  test('a hash that nobody asked for is absent', async () => {
    const { hash, preimage } = secret()
    expect(await node.holds.lookup(hash)).toEqual({ kind: 'absent' })
    expect(await node.holds.settle(hash, preimage)).toEqual({ kind: 'absent' })
    expect(await node.holds.cancel(hash)).toEqual({ kind: 'absent' })
  })
}

/** Listens until this payment is told. */
export async function heldOf(holds: HoldInvoices, hash: string): Promise<HeldPayment> {
  const stop = new AbortController()
  try {
    for await (const held of holds.held({ signal: AbortSignal.any([stop.signal, AbortSignal.timeout(30_000)]) })) {
      if (held.hash === hash) return held
    }
    throw new Error('the payment was not held in time')
  } finally {
    stop.abort()
  }
}

/** Settles, and asks until the node says that it is. */
async function settled(holds: HoldInvoices, hash: string, preimage: string): Promise<void> {
  const end = Date.now() + 30_000
  for (;;) {
    const state = await holds.settle(hash, preimage)
    if (state.kind === 'settled') return
    if (state.kind !== 'unknown' || Date.now() > end) throw new Error(`the hold is ${state.kind}`)
    await new Promise((resolve) => setTimeout(resolve, state.checkAfterMs))
  }
}

async function settlementOf(receiver: Receiver, hash: string) {
  for await (const settlement of receiver.settlements('', { signal: AbortSignal.timeout(30_000) })) {
    if (settlement.reference === hash) return settlement
  }
  throw new Error('the settlement was not reported in time')
}
