import type { Database } from './database.ts'

/**
 * What was asked back. `name` is what the bank knows the question by, `answer` its last word. A `detail` without an answer is why it may never have left.
 * Times in ms.
 */
export type RecallRow = Readonly<{
  id: string
  name: string
  attemptId: string
  reason: string
  document: string
  askedAt: number
  /** By when the other bank is to answer. */
  answerBy: number
  sentAt: number | null
  answer: 'pending' | 'accepted' | 'refused' | null
  code: string | null
  detail: string | null
  answeredAt: number | null
  /** When the bank booked the money that came back. */
  returnedAt: number | null
}>

type NewRecall = Omit<RecallRow, 'sentAt' | 'answer' | 'code' | 'detail' | 'answeredAt' | 'returnedAt'>
type Answered = Readonly<{ answer: NonNullable<RecallRow['answer']>; code: string | null; detail: string | null; at: number }>

const RECALL = `id, name, attempt_id AS attemptId, reason, document, asked_at AS askedAt, answer_by AS answerBy, sent_at AS sentAt, answer, code, detail,
  answered_at AS answeredAt, returned_at AS returnedAt`
const SHOWN_MAX = 1_000

export function recallTable({ all, run }: Database) {
  return {
    recall: (id: string) => all<RecallRow>(`SELECT ${RECALL} FROM recalls WHERE id = ?`, id)[0],
    recallByName: (name: string) => all<RecallRow>(`SELECT ${RECALL} FROM recalls WHERE name = ?`, name)[0],
    /** The newest first. */
    recallsOf: (attemptId: string) =>
      all<RecallRow>(`SELECT ${RECALL} FROM recalls WHERE attempt_id = ? ORDER BY asked_at DESC, rowid DESC`, attemptId),
    addRecall: (r: NewRecall) =>
      run(
        'INSERT INTO recalls (id, name, attempt_id, reason, document, asked_at, answer_by) VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...[r.id, r.name, r.attemptId, r.reason, r.document, r.askedAt, r.answerBy],
      ),
    setRecallSent: (id: string, at: number) => run('UPDATE recalls SET sent_at = ? WHERE id = ? AND sent_at IS NULL', at, id),
    setRecallAnswer: (id: string, { answer, code, detail, at }: Answered) =>
      run(
        'UPDATE recalls SET answer = ?, code = ?, detail = ?, answered_at = ?, sent_at = coalesce(sent_at, asked_at) WHERE id = ?',
        ...[answer, code, detail, at, id],
      ),
    /** The payment came back, whatever was answered. */
    setRecallReturned: (attemptId: string, at: number) =>
      run('UPDATE recalls SET returned_at = ? WHERE attempt_id = ? AND returned_at IS NULL', at, attemptId),
    /**
     * Asked, and to be answered before `now`, or it may never have left; neither refused nor come back. Of a payment that was rejected nothing is to come.
     */
    overdueRecalls: (now: number) =>
      all<RecallRow>(
        `SELECT ${RECALL} FROM recalls WHERE (answer_by < ? OR (answer IS NULL AND detail IS NOT NULL)) AND sent_at IS NOT NULL AND returned_at IS NULL
          AND coalesce(answer, '') <> 'refused'
          AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.attempt_id = recalls.attempt_id AND p.state = 'rejected') ORDER BY rowid LIMIT ${SHOWN_MAX}`,
        now,
      ),
  }
}
