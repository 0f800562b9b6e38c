import type { NextStep } from '../../gateway/ports/returnMeaning.ts'
import { peopleAmount } from './peopleAmount.ts'
import { print } from './print.ts'
import { type Asked, whichGateway } from './whichGateway.ts'

/** What GET /v1/payouts says, as far as it is printed. */
type Amount = Readonly<{ amount: string; code: string }>
type Attempt = Readonly<{ id: string; rail: string; amount: Amount; sent_at: string; stuck?: boolean; detail?: string }>
type Meaning = Readonly<{ words: string; next: NextStep }>
type Returned = Readonly<{ at: string; amount: Amount; reason?: string; meaning?: Meaning }>
type Payout = Readonly<{ id: string; attempts: readonly Attempt[]; rail?: string; returned?: Returned }>
type Page = Readonly<{ data: readonly Payout[]; next?: string }>
type Ended = Readonly<{ id: string; status: string; outcome: string; attempt: string }>
type Options = Asked & Readonly<{ id?: string | undefined; reason: string; evidence?: string | undefined }>

type Asking = ReturnType<typeof whichGateway>['call']

const PAGE = 100

/** Payments that their rail will not end; 1 when there are any. */
export async function stuckPayouts(o: Asked): Promise<number> {
  const data = await allStuck(whichGateway(o).call)
  print(o, data, () => {
    const lines = data.flatMap(({ id, attempts }) => attempts.filter((attempt) => attempt.stuck).map((attempt) => lineOf(id, attempt)))
    return lines.length === 0 ? 'no payment is stuck' : lines.join('\n')
  })
  return data.length === 0 ? 0 : 1
}

/** All pages. What changes while they are read is listed once. */
async function allStuck(call: Asking): Promise<readonly Payout[]> {
  const found = new Map<string, Payout>()
  let after: string | undefined
  do {
    const path = `/v1/payouts?stuck=true&limit=${PAGE}${after === undefined ? '' : `&after=${after}`}`
    const page = (await call('GET', path)) as Page // The gateway's own answer.
    for (const payout of page.data) found.set(payout.id, payout)
    after = page.next
  } while (after !== undefined)
  return [...found.values()]
}

function lineOf(payout: string, { id, rail, amount, sent_at, detail }: Attempt): string {
  return `${payout} ${id}  ${rail}  ${peopleAmount({ asset: amount.code, amount: amount.amount })}  ${sent_at}${detail ? `\n    ${detail}` : ''}`
}

/** What is to be done before the payee is paid again. */
const TO_DO: Readonly<Record<NextStep, string>> = {
  correct: 'ask for another account: this one is not paid as it is',
  ask: 'ask the payee',
  again: 'it can be paid again',
  ours: 'mend what was written, then pay again',
  none: 'nothing: it was asked back',
}

/** The newest payouts that came back, with why and what is to be done. */
export async function returnedPayouts(o: Asked & Readonly<{ limit: string }>): Promise<number> {
  const { data } = (await whichGateway(o).call('GET', `/v1/payouts?status=returned&limit=${encodeURIComponent(o.limit)}`)) as Page // The gateway's own answer.
  print(o, data, () => (data.length === 0 ? 'no payout came back' : data.map(returnedLine).join('\n')))
  return 0
}

function returnedLine({ id, rail = '', returned }: Payout): string {
  if (!returned) return id
  const { at, amount, reason, meaning } = returned
  const why = meaning ? `\n    ${reason}: ${meaning.words}. ${TO_DO[meaning.next]}` : reason ? `\n    ${reason}` : ''
  return `${id}  ${rail}  ${peopleAmount({ asset: amount.code, amount: amount.amount })}  ${at}${why}`
}

/** Says what became of an attempt; 3 when another operator must agree, which the command called `name` does. */
export async function endPayout([payout, attempt, outcome]: readonly [string, string, string], o: Options, name: string): Promise<number> {
  const body = { outcome, reason: o.reason, ...(o.evidence === undefined ? {} : { evidence: o.evidence }) }
  const { call } = whichGateway(o)
  const key = o.id ?? crypto.randomUUID()
  // Said first: with it the same command can be repeated after whatever happens, and ends it once.
  if (!o.json) console.log(`key ${key} (repeat with --id ${key})`)
  const path = `/v1/payouts/${encodeURIComponent(payout)}/attempts/${encodeURIComponent(attempt)}/outcome`
  const ended = (await call('POST', path, body, key)) as Ended // The gateway's own answer.
  const waits = ended.status === 'waiting'
  const next = waits ? `\nanother operator must agree: ${name} suspense approve ${ended.id}` : ''
  print(o, ended, () => `${ended.id} ${ended.status}: ${ended.attempt} ${ended.outcome}${next}`)
  return waits ? 3 : 0
}

/** What the routes of recalls say, as far as it is printed. */
type RecallAnswer = Readonly<{ answer: string; at: string; code?: string; words: string; detail?: string }>
type Recall = Readonly<{
  id: string
  status: string
  reason: string
  created_at: string
  answer_by: string
  overdue?: boolean
  answers: readonly RecallAnswer[]
  money?: Readonly<{ at: string; amount: Amount; late?: boolean }>
}>

const recallsPath = (payout: string) => `/v1/payouts/${encodeURIComponent(payout)}/recalls`

/** Asks the bank for a payout back. */
export async function recallPayout(
  payout: string,
  o: Asked & Readonly<{ id?: string; reason: string; details?: string }>,
): Promise<number> {
  const key = o.id ?? crypto.randomUUID()
  // Said first, as with `end`.
  if (!o.json) console.log(`key ${key} (repeat with --id ${key})`)
  const body = { reason: o.reason, ...(o.details === undefined ? {} : { details: o.details }) }
  const made = (await whichGateway(o).call('POST', recallsPath(payout), body, key)) as Recall // The gateway's own answer.
  print(o, made, () => recallLines(made))
  return 0
}

/** How often a payout was asked back, and what was answered. */
export async function payoutRecalls(payout: string, o: Asked): Promise<number> {
  const { data } = (await whichGateway(o).call('GET', recallsPath(payout))) as Readonly<{ data: readonly Recall[] }> // The gateway's own answer.
  print(o, data, () => (data.length === 0 ? 'it was not asked back' : data.map(recallLines).join('\n')))
  return 0
}

function recallLines({ id, status, reason, created_at, answer_by, overdue, answers, money }: Recall): string {
  const due = overdue ? `\n    overdue since ${answer_by}: ask the bank` : ''
  const said = answers.map(({ at, answer, code, words, detail }) => {
    return `\n    ${at} ${answer}${code ? ` (${code})` : ''}: ${words}${detail ? `. ${detail}` : ''}`
  })
  const sum = money && peopleAmount({ asset: money.amount.code, amount: money.amount.amount })
  const came = money ? `\n    ${money.at} ${sum} came back${money.late ? ', though it was refused' : ''}` : ''
  return `${id}  ${reason}  ${status}  ${created_at}${due}${said.join('')}${came}`
}
