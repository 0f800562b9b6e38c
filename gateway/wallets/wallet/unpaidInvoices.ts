import type { PartyId } from '../../ports/ids.ts'
import type { PartyInvoice } from './partyInvoice.ts'

/** An unpaid invoice stays in memory so long beyond its expiry, for a payment that was under way then. */
const GRACE_MS = 86_400_000
/** Unpaid invoices leave together when all that expire in the same hour have. */
const HOUR_MS = 3_600_000

/**
 * Unpaid invoices by when they may leave memory, which is by their expiry and never by how many came after them; those of a party's own apps also by the
 * party. What strangers had made is not counted there, so that it costs the party nothing.
 */
export function createUnpaidInvoices() {
  const ownOfParty = new Map<PartyId, Set<string>>()
  const byHour = new Map<number, Set<string>>()

  return {
    add(invoice: PartyInvoice): void {
      if (invoice.purpose.kind === 'app') put(ownOfParty, invoice.party, invoice.paymentHash)
      put(byHour, hourOf(invoice), invoice.paymentHash)
    },
    remove(invoice: PartyInvoice): void {
      drop(ownOfParty, invoice.party, invoice.paymentHash)
      drop(byHour, hourOf(invoice), invoice.paymentHash)
    },
    clear(): void {
      ownOfParty.clear()
      byHour.clear()
    },
    ownOf: (party: PartyId): readonly string[] => [...(ownOfParty.get(party) ?? [])],
    /** Those whose expiry and grace are over at this time (ms). */
    leavingAt: (at: number): readonly string[] => [...byHour].flatMap(([hour, hashes]) => ((hour + 1) * HOUR_MS <= at ? [...hashes] : [])),
  }
}

/** The hour since 1970 in which an unpaid invoice and its grace end. */
function hourOf({ expiresAt }: PartyInvoice): number {
  return Math.floor((expiresAt + GRACE_MS) / HOUR_MS) // not money: times in ms
}

function put<K>(sets: Map<K, Set<string>>, key: K, name: string): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(name))
}

/** Who has none is not in the table. */
function drop<K>(sets: Map<K, Set<string>>, key: K, name: string): void {
  const set = sets.get(key)
  if (set?.delete(name) && set.size === 0) sets.delete(key)
}
