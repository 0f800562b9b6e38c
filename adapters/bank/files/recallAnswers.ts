import type { RecallAnswer } from './bankFile.ts'
import { BankFileRefused } from './bankFileRefused.ts'
import type { RecallRow } from './recallTable.ts'
import type { BankStore, Problem, Source } from './store.ts'

/** The question that an answer is to: by its own name, else the newest about that payment. An answer that names two things refuses its file. */
function askedBy(store: BankStore, { name, endToEndId }: RecallAnswer): RecallRow | undefined {
  const payment = endToEndId === undefined ? undefined : store.paymentByEndToEndId(endToEndId)
  const named = name === undefined ? undefined : store.recallByName(name)
  if (named && endToEndId !== undefined && payment?.attemptId !== named.attemptId) {
    throw new BankFileRefused(`the case ${name} is about another payment than ${endToEndId}`)
  }
  return named ?? (payment && store.recallsOf(payment.attemptId)[0])
}

/** What a bank has said for good stays: a word after it is for a person, unless it is the same again, or an older one that came late. */
export function applyRecallAnswer(store: BankStore, answer: RecallAnswer, { at }: Source): void {
  const { code = null, detail = null } = answer
  const said = code === null ? answer.answer : `${answer.answer} (${code})`
  const recall = askedBy(store, answer)
  if (!recall) {
    const about = answer.name ?? answer.endToEndId ?? 'nothing that it names'
    store.addProblem(problem(`recall:${about}:${said}`, at, ['the bank answers what nobody here has asked back', `${about}: ${said}`]))
    return
  }
  if (recall.answer === null || recall.answer === 'pending') {
    store.setRecallAnswer(recall.id, { answer: answer.answer, code, detail, at })
    return
  }
  if (answer.answer === 'pending' || answer.answer === recall.answer) return
  const words = `${recall.id} was ${recall.answer} (${recall.code ?? 'no code'}), and is ${said} now. The first word stands; money that comes is booked`
  store.addProblem(problem(`recall:${recall.id}:${said}`, at, ['the bank answers a recall twice, and otherwise', words]))
}

function problem(id: string, at: number, [what, detail]: readonly [string, string]): Problem {
  return { id, at, what, detail }
}

function whatOf({ answer, detail }: RecallRow): string {
  if (answer === null && detail !== null) return 'a recall may never have left'
  return answer === 'accepted' ? 'a recall was accepted, and the money has not come' : 'a recall has no answer'
}

/** What no answer came to in time, or no money after a good one, or what may never have left: the bank is to be asked by a person. */
export function overdueRecalls(store: BankStore, now: number): Problem[] {
  return store.overdueRecalls(now).map((recall) => {
    const { id, attemptId, answer, answerBy, name, detail } = recall
    const why = answer === null && detail !== null ? `${detail}. ` : ''
    const day = new Date(answerBy).toISOString().slice(0, 10)
    const words = `${id} of ${attemptId}, ${name} at the bank: ${why}it was to be answered by ${day}. Ask the bank`
    return problem(`overdue:${id}`, answerBy, [whatOf(recall), words])
  })
}
