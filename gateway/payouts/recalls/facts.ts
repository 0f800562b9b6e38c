import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { AttemptId, PayoutId, RecallId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { RecallKind, RecallReason } from '../../ports/recaller.ts'
import type { RecallSaid } from './recall.ts'

/** Every fact that this room writes. */
export type RecallFact =
  | FactOf<
      'recall.asked',
      RecallId,
      Readonly<{
        payout: PayoutId
        attempt: AttemptId
        rail: RailName
        kind: RecallKind
        reason: RecallReason
        details?: string
        by: string
        answerBy: number
        before?: RecallId
      }>
    >
  | FactOf<'recall.sent', RecallId, Readonly<{ payout: PayoutId }>>
  | FactOf<
      'recall.answered',
      RecallId,
      Readonly<{ payout: PayoutId; answer: RecallSaid['answer']; saidAt: number; code?: string; words: string; detail?: string }>
    >

const kinds = factKinds<RecallFact>({ 'recall.asked': true, 'recall.sent': true, 'recall.answered': true })

export const toFact = kinds.write
export const readFact = kinds.read
