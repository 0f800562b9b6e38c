import type { RecallId } from '../../ports/ids.ts'
import { type MoneyView, viewMoney } from '../payoutState/view.ts'
import { isOpen, type Recall, type RecallSaid } from './recall.ts'

/** A recall as the API shows it: JSON-ready, times in ISO 8601. */
export type RecallView = Readonly<
  Pick<Recall, 'payout' | 'attempt' | 'rail' | 'kind' | 'reason' | 'details' | 'status' | 'createdBy'> & {
    id: RecallId
    createdAt: string
    sentAt?: string
    /** By when the payee's bank is to answer; `overdue`: it has not, or the money has not come. */
    answerBy: string
    overdue?: true
    answers: readonly (Omit<RecallSaid, 'at'> & Readonly<{ at: string }>)[]
    money?: Readonly<{ at: string; amount: MoneyView; reason?: string; late?: true }>
  }
>

const time = (ms: number) => new Date(ms).toISOString()

export function viewRecall(recall: Recall, now: number): RecallView {
  const { before: _, createdAt, sentAt, answerBy, answers, money, ...rest } = recall
  return {
    ...rest,
    createdAt: time(createdAt),
    ...(sentAt === undefined ? {} : { sentAt: time(sentAt) }),
    answerBy: time(answerBy),
    ...(isOpen(recall) && now > answerBy ? { overdue: true as const } : {}),
    answers: answers.map((said) => ({ ...said, at: time(said.at) })),
    ...(money && { money: { ...money, at: time(money.at), amount: viewMoney(money.amount) } }),
  }
}
