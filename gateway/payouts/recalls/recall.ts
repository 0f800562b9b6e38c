import type { Money } from '../../money/money.ts'
import type { AttemptId, PayoutId, RecallId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { RecallKind, RecallReason } from '../../ports/recaller.ts'

/** What the other side has said. `impossible`: our own rail has no such payment, so nobody was asked. `at` is when it was said (ms). */
export type RecallSaid = Readonly<{
  answer: 'pending' | 'accepted' | 'refused' | 'impossible'
  at: number
  code?: string
  words: string
  detail?: string
}>

/**
 * `asked`: durable here; `sent`: with the bank; `pending`: the other bank looks into it; `accepted`: the money is to come; `returned`: it came, whether for
 * this or for another reason; `refused`: it does not come; `not_paid`: the bank has never made the payment, so there is nothing to come.
 */
type RecallStatus = 'asked' | 'sent' | 'pending' | 'accepted' | 'returned' | 'refused' | 'not_paid'

/**
 * One question about one attempt of a payout. `before` is the one about the same payout before it; `late`: the money came though it was refused. Times in ms.
 */
export type Recall = Readonly<{
  id: RecallId
  payout: PayoutId
  attempt: AttemptId
  rail: RailName
  kind: RecallKind
  reason: RecallReason
  details?: string
  createdBy: string
  createdAt: number
  answerBy: number
  before?: RecallId
  status: RecallStatus
  sentAt?: number
  answers: readonly RecallSaid[]
  money?: Readonly<{ at: number; amount: Money; reason?: string; late?: true }>
}>

const ENDED: readonly RecallStatus[] = ['returned', 'refused', 'not_paid']

/** True as long as an answer or the money may come that it waits for. */
export function isOpen({ status }: Recall): boolean {
  return !ENDED.includes(status)
}

/** True of one that the other side may have heard of. */
export function mayBeHeard({ answers }: Recall): boolean {
  return !answers.some(({ answer }) => answer === 'impossible')
}
