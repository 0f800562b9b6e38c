import type { FailureReason } from '../../../gateway/ports/outcome.ts'
import type { NextStep } from '../../../gateway/ports/returnMeaning.ts'
import type { BankStore } from './store.ts'

/** What a bank's code for a payment that failed or came back means: in words, as our reason, and what is to be done next. */
export type CodeMeaning = Readonly<{ title: string; reason: FailureReason; next: NextStep }>

export const correct = (title: string): CodeMeaning => ({ title, reason: 'invalid_destination', next: 'correct' })
export const ask = (title: string): CodeMeaning => ({ title, reason: 'rejected_by_payee', next: 'ask' })
export const again = (title: string): CodeMeaning => ({ title, reason: 'rejected_by_rail', next: 'again' })
export const ours = (title: string): CodeMeaning => ({ title, reason: 'rejected_by_rail', next: 'ours' })
export const none = (title: string): CodeMeaning => ({ title, reason: 'rejected_by_rail', next: 'none' })

/** For so long an account that its bank has called wrong is not paid again as it is. */
const MARK_MS = 90 * 24 * 3_600_000

type Marks = Readonly<{ store: BankStore; meaningOf: (code: string) => CodeMeaning; now: number }>

/** Why an account is not paid as it is: what its bank said when a payment came back, as long as that holds and no correction has come. */
export function markOf(account: string | undefined, { store, meaningOf, now }: Marks): string | undefined {
  const word = account === undefined ? undefined : store.accountWord(account)
  if (!word?.returned || word.correction !== null || now - word.at > MARK_MS) return undefined
  const day = new Date(word.at).toISOString().slice(0, 10)
  return `its bank sent a payment back on ${day} with ${word.returned} (${meaningOf(word.returned).title}): name another account`
}
