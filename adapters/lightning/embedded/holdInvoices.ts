import { setTimeout as sleep } from 'node:timers/promises'
import { isGatewayError } from '../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../gateway/errors/invariant.ts'
import { type Asset, sameAsset } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import type { Clock } from '../../../gateway/ports/clock.ts'
import type { HeldPayment, HoldInvoices, HoldState } from '../../../gateway/ports/holdInvoices.ts'
import { NETWORK } from './ldk/httpChain.ts'
import type { NodeHold } from './payments/holds.ts'
import type { WorkerLink } from './process/workerLink.ts'

const CALL_DEADLINE_MS = 5_000
const CHECK_AFTER_MS = 100
const SILENCE_CHECK_MS = 1_000
const RETRY_MS = 500

/** Payments that wait at the embedded node until we take them or give them back. */
export function holdInvoices(link: WorkerLink, asset: Asset, clock: Clock): HoldInvoices {
  const ask = async (work: () => Promise<NodeHold | undefined>): Promise<HoldState> => {
    try {
      return stateOf(await work(), asset, clock.now())
    } catch (error) {
      if (!isGatewayError(error)) throw error
      return { kind: 'unknown', checkAfterMs: SILENCE_CHECK_MS, detail: error.shortMessage }
    }
  }
  return {
    rail: 'lightning',
    asset,
    hold: async ({ hash, amount, description, expiresAt, holdableMs }) => {
      invariant(sameAsset(amount.asset, asset), 'a held Lightning payment is in bitcoin')
      const wanted = { paymentHash: hash, amountMsat: amount.units, description, expiresAt, holdableMs }
      const invoice = await link.call('createHold', wanted, CALL_DEADLINE_MS)
      return { hash, invoice, network: NETWORK, amount, expiresAt }
    },
    held: ({ signal }) => held(link, asset, clock, signal),
    settle: (paymentHash, preimage) => ask(() => link.call('settleHold', { paymentHash, preimage }, CALL_DEADLINE_MS)),
    cancel: (paymentHash) => ask(() => link.call('cancelHold', { paymentHash }, CALL_DEADLINE_MS)),
    lookup: (paymentHash) => ask(() => link.call('lookupHold', { paymentHash }, CALL_DEADLINE_MS)),
  }
}

/** A hold as the node remembers it, in the domain's words. */
function stateOf(hold: NodeHold | undefined, asset: Asset, now: number): HoldState {
  switch (hold?.state) {
    case undefined:
      return { kind: 'absent' }
    case 'open':
      return { kind: 'open' }
    case 'held':
      return { kind: 'held', ...waiting(hold, asset, now) }
    case 'claiming':
      return { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, detail: 'the preimage is given, and LDK has not said yet that it is claimed' }
    case 'settled':
      return { kind: 'settled', amount: money(asset, hold.heldMsat), at: msOf(hold.endedAt) }
    case 'cancelled':
      return { kind: 'cancelled' }
  }
}

async function* held(link: WorkerLink, asset: Asset, clock: Clock, signal: AbortSignal): AsyncGenerator<HeldPayment> {
  const told = new Set<string>()
  while (!signal.aborted) {
    const { promise: news, resolve } = Promise.withResolvers<void>()
    // Taken before reading, so that news between the two is not lost.
    const stop = link.onReceived(resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
    try {
      const rows = await link.call('heldNow', undefined, CALL_DEADLINE_MS)
      for (const row of rows) {
        if (signal.aborted) return
        if (!told.has(row.paymentHash)) yield { hash: row.paymentHash, ...waiting(row, asset, clock.now()) }
      }
      // Only what waits still is remembered, so this set is as small as the node's HTLC slots.
      told.clear()
      for (const row of rows) told.add(row.paymentHash)
      await news
    } catch (error) {
      if (!isGatewayError(error)) throw error
      told.clear()
      await Promise.race([news, sleep(RETRY_MS, undefined, { ref: false })])
    } finally {
      stop()
    }
  }
}

function waiting(hold: NodeHold, asset: Asset, now: number): Pick<HeldPayment, 'amount' | 'heldAt' | 'decideBy'> {
  return { amount: money(asset, hold.heldMsat), heldAt: msOf(hold.heldAt), decideBy: now + hold.msLeft }
}

function msOf(at: bigint): number {
  return Number(at) // not money: a time in ms
}
