import { invariant } from '../errors/invariant.ts'
import type { Entry, Leg, LegId } from '../ports/books.ts'
import { type Transfer, TransferFlags, type TransferInit } from '../ports/ledger.ts'
import type { BookAccount } from './chart.ts'
import { paymentTag } from './fingerprint.ts'
import { transferId } from './legIds.ts'

/** The code of every transfer that the books make; the ledger wants one that is not zero. */
const TRANSFER_CODE = 1

type AccountIdOf = (path: string, asset: Leg['asset']) => bigint

/** The entry as linked transfers, each with the payment's tag and the entry's fingerprint. */
export function entryTransfers(entry: Entry, fingerprint: bigint, idOf: AccountIdOf): TransferInit[] {
  const tag = paymentTag(entry.payment)
  const last = entry.legs.length - 1
  return entry.legs.map((leg, i) => ({
    ...legTransfer(leg, i < last ? TransferFlags.linked : 0, idOf),
    id: transferId({ entry: entry.id, leg: i }),
    userData128: tag,
    userData64: fingerprint,
  }))
}

function legTransfer(leg: Leg, linked: number, idOf: AccountIdOf): Omit<TransferInit, 'id'> {
  const ledger = leg.asset.ledger
  switch (leg.kind) {
    case 'move':
    case 'hold':
      return {
        debitAccountId: idOf(leg.debit, leg.asset),
        creditAccountId: idOf(leg.credit, leg.asset),
        amount: leg.units,
        ledger,
        code: TRANSFER_CODE,
        flags: leg.kind === 'hold' ? linked | TransferFlags.pending : linked,
        timeout: leg.kind === 'hold' ? leg.timeoutS : 0,
      }
    case 'post':
      return { pendingId: transferId(leg.pending), amount: leg.units, ledger, flags: linked | TransferFlags.post_pending_transfer }
    case 'void':
      return { pendingId: transferId(leg.pending), ledger, flags: linked | TransferFlags.void_pending_transfer }
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
