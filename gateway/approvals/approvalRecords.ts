import { invariant } from '../errors/invariant.ts'
import { type Records, recordsOf } from '../ledger/process/recordsOf.ts'
import type { Asset } from '../money/asset.ts'
import { money } from '../money/money.ts'
import type { Books } from '../ports/books.ts'
import { type Approval, isOpen, wanting } from './approval.ts'
import { type ApprovalFact, readApprovalFact } from './facts.ts'

type Applied = Exclude<ApprovalFact, { type: 'approval.spared' | 'approval.limited' }>

export type ApprovalRecords = Records<Approval>

/** What waits for another person, as facts make it. Make it before the books start. `endedKept`: see `createOrderedRecords`. */
export function createApprovalRecords(
  books: Books,
  assetOf: (id: string) => Asset,
  { endedKept }: { endedKept?: number } = {},
): ApprovalRecords {
  return recordsOf<Approval, Applied>({
    books,
    name: 'approvals',
    form: 1,
    read(fact) {
      const known = readApprovalFact(fact)
      return known?.type === 'approval.spared' || known?.type === 'approval.limited' ? undefined : known
    },
    idOf: (fact) => fact.id,
    evolve: (approval, fact) => evolve(approval, fact, assetOf),
    isOpen,
    names: (fact) => (fact.type === 'approval.asked' && fact.data.order ? [fact.data.order.payout] : []),
    endedKept,
  })
}

/** The approval after one more fact about it. A fact that cannot follow what stands is an impossible state. */
function evolve(approval: Approval | undefined, fact: Applied, assetOf: (id: string) => Asset): Approval {
  if (fact.type === 'approval.asked') {
    invariant(!approval, `${fact.id} was asked for twice`)
    const { by, person, key, asset, units, what, fingerprint, request, why, needs, expiresAt, party, hold, order } = fact.data
    return {
      id: fact.id,
      status: 'needs_approval',
      what,
      fingerprint,
      request,
      why,
      needs,
      given: [],
      asked: { by, person, key },
      refused: undefined,
      party,
      amount: asset === undefined ? undefined : money(assetOf(asset), BigInt(units ?? '0')),
      hold,
      order,
      at: fact.at,
      expiresAt,
    }
  }
  invariant(approval && isOpen(approval), `${fact.type} ${fact.id} speaks of what does not wait`)
  switch (fact.type) {
    case 'approval.given': {
      const { by, person, key, as } = fact.data
      const given = [...approval.given, { by, person, key, as, at: fact.at }]
      return { ...approval, given, status: wanting({ needs: approval.needs, given }).length === 0 ? 'approved' : 'needs_approval' }
    }
    case 'approval.refused': {
      const { by, person, key } = fact.data
      return { ...approval, status: 'refused', refused: { by, person, key } }
    }
    case 'approval.expired':
      return { ...approval, status: 'expired' }
    case 'approval.used':
      return { ...approval, status: 'done' }
  }
}
