import { GatewayError } from '../errors/gatewayError.ts'
import type { Bid, PayResult } from './wallet.ts'

/** A payment for one request. `release` gives its cost back to the budget; where that fails, it stays spent. */
export type Payment = Readonly<{ bid: Bid; result: PayResult; release: () => Promise<void> }>

/** With this many payments whose outcome is open, nothing new is paid. */
export const UNRESOLVED_MAX = 1_000

/** Payments that were made, or may have been, for requests that were not answered: the next same request takes one up again. */
export interface Unresolved {
  ensureRoom(): void
  keep(key: string, payment: Payment): void
  take(key: string): Payment | undefined
}

/** Keeps open payments by the key of their request, in memory. */
export function createUnresolved(): Unresolved {
  const open = new Map<string, Payment[]>()
  let size = 0
  return {
    ensureRoom() {
      if (size < UNRESOLVED_MAX) return
      throw new GatewayError('too_busy', `${size} payments have an open outcome`, {
        hint: 'Repeat their requests first; they pay nothing.',
      })
    },
    keep(key, payment) {
      open.set(key, [...(open.get(key) ?? []), payment])
      size += 1
    },
    take(key) {
      const [first, ...rest] = open.get(key) ?? []
      if (!first) return undefined
      if (rest.length > 0) open.set(key, rest)
      else open.delete(key)
      size -= 1
      return first
    },
  }
}
