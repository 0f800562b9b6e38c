import { invariant } from '../errors/invariant.ts'
import type { Entry, Leg, LegId } from '../ports/books.ts'
import { type Transfer, TransferFlags, type TransferInit } from '../ports/ledger.ts'
import type { BookAccount } from './chart.ts'
import { paymentTag } from './fingerprint.ts'
import { entryBase, transferId } from './legIds.ts'

/** The code of every transfer that the books make; the ledger wants one that is not zero. */
const TRANSFER_CODE = 1

/** The ledger accounts of a leg; a post or void inherits those of its hold. */
export type LegAccounts = Readonly<{ debitAccountId: bigint; creditAccountId: bigint }> | undefined

/** The entry as linked transfers, each with the payment's tag and the entry's fingerprint. `accounts` are those of each leg. */
export function entryTransfers(entry: Entry, fingerprint: bigint, accounts: readonly LegAccounts[]): TransferInit[] {
  const tag = paymentTag(entry.payment)
  const base = entryBase(entry.id)
  const last = entry.legs.length - 1
  return entry.legs.map((leg, i) => ({
    ...accounts[i],
    ...legTransfer(leg, i < last ? TransferFlags.linked : 0),
    id: base | BigInt(i),
    ledger: leg.asset.ledger,
    userData128: tag,
    userData64: fingerprint,
  }))
}

function legTransfer(leg: Leg, linked: number): Omit<TransferInit, 'id'> {
  switch (leg.kind) {
    case 'move':
      return { amount: leg.units, code: TRANSFER_CODE, flags: linked }
    case 'hold':
      return { amount: leg.units, code: TRANSFER_CODE, flags: linked | TransferFlags.pending, timeout: leg.timeoutS }
    case 'post':
      return { pendingId: transferId(leg.pending), amount: leg.units, flags: linked | TransferFlags.post_pending_transfer }
    case 'void':
      return { pendingId: transferId(leg.pending), flags: linked | TransferFlags.void_pending_transfer }
  }
}

/** A booked transfer as the leg it came from. The units of a post are those it took. */
export function legOf(transfer: Transfer, accountOf: (id: bigint) => BookAccount | undefined, pendingLeg: (id: bigint) => LegId): Leg {
  const debit = accountOf(transfer.debitAccountId)
  const credit = accountOf(transfer.creditAccountId)
  invariant(debit && credit, 'the accounts of a booked transfer are known')
  const asset = debit.asset
  if (transfer.flags & TransferFlags.post_pending_transfer) {
    return { kind: 'post', pending: pendingLeg(transfer.pendingId), asset, units: transfer.amount }
  }
  if (transfer.flags & TransferFlags.void_pending_transfer) return { kind: 'void', pending: pendingLeg(transfer.pendingId), asset }
  const accounts = { debit: debit.path, credit: credit.path, asset, units: transfer.amount }
  return transfer.flags & TransferFlags.pending ? { kind: 'hold', ...accounts, timeoutS: transfer.timeout } : { kind: 'move', ...accounts }
}
