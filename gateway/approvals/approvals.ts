import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { createSweeper } from '../ledger/process/sweeper.ts'
import { type Money, showMoney } from '../money/money.ts'
import { type Approval, type Hand, isSameHand } from './approval.ts'
import type { ApprovalRecords } from './approvalRecords.ts'
import { askFor, type Wish } from './askFor.ts'
import { toApprovalFact } from './facts.ts'
import { type Along, approve, ended, letGo, refuse, stepOf, type Word, type WordParts } from './giveWord.ts'
import type { ApprovalLimits } from './limits.ts'

/** What waits at once, in all and for one holder. */
const WAITING_MAX = 1_000
const WAITING_OF_ONE_MAX = 100
const SWEEP_MS = 5_000

export type Approvals = ReturnType<typeof createApprovals>

type Parts = WordParts &
  Readonly<{
    records: ApprovalRecords
    limits: ApprovalLimits
    /** How long anything waits. */
    waitMs: number
    operatorKeys: boolean
  }>

/** What waits for another person's word. Its records must have been made before the books started. */
export function createApprovals(c: Parts) {
  const { records } = c
  const room = roomFor(records)

  function get(id: string): Approval {
    const approval = records.get(id)
    if (!approval) throw new GatewayError('not_found', `Nothing waits for approval under ${id.slice(0, 60)}`)
    return approval
  }

  return {
    get,
    /** Undefined for what is not kept any more, too. */
    find: (id: string): Approval | undefined => records.get(id),
    /** What makes this payout when it is approved. */
    ofPayout: (payout: string): Approval | undefined => records.named(payout),
    open: records.open,
    limits: c.limits,
    /** An operator's further key needs another operator's word. */
    operatorKeys: c.operatorKeys,
    /** Asks for another's word, and holds the money of an order. Refuses with `too_busy` or `insufficient_balance`, and with what its payout would be. */
    async ask(wish: Wish, along: Along): Promise<void> {
      const done = room.take(wish.hand, wish.ofKeyMax)
      try {
        await askFor(c, wish, along)
      } finally {
        done()
      }
    },
    approve: (id: string, word: Word): Promise<void> => approve(c, get(id), word),
    refuse: (id: string, word: Word): Promise<void> => refuse(c, get(id), word),
    ...doingOnce(c),
  }
}

/** Room for what waits. What is being asked for counts until it is written down or has failed, so that many at once are no more. */
function roomFor(records: ApprovalRecords) {
  const asking: Hand[] = []

  return {
    /** Call what it gives when that stands or never will. `ofKeyMax`: of its key alone. Refuses with `too_busy`. */
    take(hand: Hand, ofKeyMax: number | undefined): () => void {
      const hands = [...records.open().map(({ asked }) => asked), ...asking]
      if (hands.length >= WAITING_MAX || hands.filter(({ by }) => by === hand.by).length >= WAITING_OF_ONE_MAX)
        throw new GatewayError('too_busy', `${WAITING_OF_ONE_MAX} things of one holder wait for another person, or ${WAITING_MAX} in all`)
      if (ofKeyMax !== undefined && hands.filter(({ by, key }) => by === hand.by && key === hand.key).length >= ofKeyMax)
        throw new GatewayError('too_busy', `${ofKeyMax} things that this key has asked for wait for a person`)
      asking.push(hand)
      return () => void asking.splice(asking.indexOf(hand), 1)
    },
  }
}

/** What was approved is done once, and what nobody answered ends with its time. */
function doingOnce(c: Parts) {
  const { records, clock } = c
  /** Approved, and being done just now. */
  const taking = new Set<string>()

  async function sweep(): Promise<void> {
    for (const approval of records.open()) {
      if (approval.expiresAt > clock.now() || taking.has(approval.id)) continue
      const over = toApprovalFact({ type: 'approval.expired', id: approval.id, at: clock.now(), data: {} })
      await letGo(c, approval, { facts: [over], claims: [] }).catch((error: unknown) => {
        if (!isGatewayError(error)) throw error
      })
    }
  }
  const sweeper = createSweeper(sweep, SWEEP_MS)

  return {
    /** Ends what has waited too long; what was held is free again. */
    sweep,
    /**
     * The one time that what was approved is done: what has to become durable with it. Call `done` when it has, or has not. `amount`: what would go now, where
     * the request leaves it to what there is; people have agreed to what they saw and to no more.
     */
    take(id: string, { hand, fingerprint, amount }: Readonly<{ hand: Hand; fingerprint: string; amount: Money | undefined }>) {
      const approval = records.get(id)
      if (!approval || !isSameHand(approval.asked, hand)) throw new GatewayError('not_found', 'Nothing of yours waits under this approval')
      if (approval.fingerprint !== fingerprint)
        throw new GatewayError('approval_not_for_this', `${approval.id} was given for another ${approval.what}`)
      if (amount && approval.amount && amount.units > approval.amount.units)
        throw new GatewayError(
          'approval_not_for_this',
          `${approval.id} was given for ${showMoney(approval.amount)}, and it is ${showMoney(amount)} now`,
        )
      if (approval.status === 'needs_approval' && approval.expiresAt > clock.now())
        throw new GatewayError('approval_needed', `${approval.id} still waits`, { meta: { approval: id } })
      if (approval.status !== 'approved' || approval.expiresAt <= clock.now() || taking.has(approval.id)) throw ended(approval)
      taking.add(approval.id)
      const used = toApprovalFact({ type: 'approval.used', id: approval.id, at: clock.now(), data: {} })
      return { claims: [stepOf(c, approval)], facts: [used], done: () => void taking.delete(approval.id) }
    },
    start: sweeper.start,
    close: sweeper.close,
  }
}
