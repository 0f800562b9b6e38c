import { invariant } from '../../errors/invariant.ts'
import { type Account, type Transfer, TransferFlags } from '../../ports/ledger.ts'
import type { LedgerRecord } from '../rows/record.ts'

const RESOLVES = TransferFlags.post_pending_transfer | TransferFlags.void_pending_transfer
const NS_PER_SECOND = 1_000_000_000n

/** Holds with a timeout that nothing has resolved, as the journal tells. The engine lets them expire by its own clock and does not say so. */
export type OpenHolds = Readonly<{
  /** Follows a record of the journal. */
  note(record: LedgerRecord): void
  /** The debited accounts of holds whose time is over by our clock, where it is worth asking the engine; at most `limit`. */
  dueAccounts(nowNs: bigint, limit: number): bigint[]
  /** The holds on a debited account that the engine has let expire, as records, found by comparing what is pending in the journal and the engine. */
  expired(journal: Account, engine: Account): LedgerRecord[]
}>

/** A journal without holds. */
export function createOpenHolds(): OpenHolds {
  const open = new Map<bigint, Transfer>()
  return {
    note(record) {
      if (record.kind === 'expired') open.delete(record.pendingId)
      if (record.kind !== 'transfer') return
      const { transfer } = record
      if ((transfer.flags & RESOLVES) !== 0) open.delete(transfer.pendingId)
      else if ((transfer.flags & TransferFlags.pending) !== 0 && transfer.timeout > 0) open.set(transfer.id, transfer)
    },
    dueAccounts(nowNs, limit) {
      const due = new Set<bigint>()
      for (const hold of open.values()) {
        if (due.size >= limit) break
        // A hold of nothing changes no balance, so nothing shows when it expires.
        if (hold.amount > 0n && expiresAt(hold) <= nowNs) due.add(hold.debitAccountId)
      }
      return [...due]
    },
    expired(journal, engine) {
      const holds = [...open.values()].filter((hold) => hold.debitAccountId === journal.id).sort(byExpiry)
      // The engine releases holds in the order of their expiry, so what is missing there is the sum of the first ones.
      let missing = journal.debitsPending - engine.debitsPending
      const records: LedgerRecord[] = []
      for (const hold of holds) {
        if (missing <= 0n) break
        missing -= hold.amount
        records.push({ kind: 'expired', pendingId: hold.id, timestamp: expiresAt(hold) })
      }
      invariant(missing === 0n, `the pending debits of account ${journal.id} differ from the ledger engine's by expired holds only`)
      return records
    },
  }
}

function expiresAt(hold: Transfer): bigint {
  return hold.timestamp + BigInt(hold.timeout) * NS_PER_SECOND
}

function byExpiry(a: Transfer, b: Transfer): number {
  const [left, right] = [expiresAt(a), expiresAt(b)]
  if (left !== right) return left < right ? -1 : 1
  return a.timestamp < b.timestamp ? -1 : 1
}
