import { bankDaysAfter } from '../../gateway/payouts/calendar/bankDays.ts'
import type { BankBooks } from './books.ts'
import { CAMT056_FORM, CAMT056_NAMESPACE } from './camt056Form.ts'
import { readEuros } from './euroCents.ts'
import type { Executed } from './executeOrder.ts'
import type { Order, Refusal } from './orders.ts'
import { type RecallStatus, recallAnswer } from './reports.ts'
import { checkShape, find, textAt } from './xmlShape.ts'
import { readXmlTree } from './xmlTree.ts'

/** A question about one order, as it names it. */
type Recall = Readonly<{ caseId: string; endToEndId: string; transactionId: string | undefined; cents: bigint }>

/** Whether a file asks for a payment back; what is wrong with it is said by `readRecall`. */
export function isRecallFile(text: string): boolean {
  return text.includes(CAMT056_NAMESPACE)
}

/** Reads a camt.056 about one payment and checks it as a bank would: form, account, currency, control sum. */
function readRecall(text: string, iban: string): Recall | Refusal {
  try {
    const document = readXmlTree(text)
    const wrong = checkShape(document, CAMT056_FORM)
    if (wrong) return { code: 'FF01', text: wrong }
    const message = find(document, 'FIToFIPmtCxlReq')!
    const transaction = find(message, 'Undrlyg', 'TxInf')!
    const amount = textAt(transaction, 'OrgnlIntrBkSttlmAmt')!
    if (find(transaction, 'OrgnlIntrBkSttlmAmt')?.attributes.Ccy !== 'EUR') return { code: 'AM03', text: 'the currency is not EUR' }
    if ((textAt(message, 'CtrlData', 'CtrlSum') ?? amount) !== amount) return { code: 'AM10', text: 'the control sum is wrong' }
    if (textAt(transaction, 'OrgnlTxRef', 'DbtrAcct', 'Id', 'IBAN') !== iban) return { code: 'AC02', text: 'the account is not yours' }
    return {
      caseId: textAt(message, 'Case', 'Id')!,
      endToEndId: textAt(transaction, 'OrgnlEndToEndId')!,
      transactionId: textAt(transaction, 'OrgnlTxId'),
      cents: readEuros(amount) ?? 0n,
    }
  } catch (error) {
    return { code: 'FF01', text: error instanceof Error ? error.message : String(error) }
  }
}

/** Beneficiaries with a documented fate, and after how many days of TARGET the others answer. */
type RecallRules = Readonly<{ refusesRecallsIban?: string; ignoresRecallsIban?: string; recallDays?: number }>

/** When a payee answers who was asked to give money back, where nothing else is said. */
const RECALL_DAYS = 1

type Waiting = Readonly<{ recall: Recall; executed: Executed; due: string }>

/** What is said to a question, and the order that will not be executed for it. `refusal`: it is none that the bank can read. */
type Heard = Readonly<{ answers: readonly string[]; canceled?: Order; refusal?: Refusal }>

/** Answers recalls of the account `iban`, at the bank's date. `giveBack` moves the money, or says that it can not. */
export function openRecallDesk(
  { books, rules, iban }: Readonly<{ books: BankBooks; rules: RecallRules; iban: string }>,
  giveBack: (executed: Executed) => boolean,
) {
  const { recallDays = RECALL_DAYS } = rules
  let waiting: Waiting[] = []
  const asked = new Set<string>()
  const executed = new Map<string, Executed>()
  const answer = (recall: Recall, said: RecallStatus) => recallAnswer(books.head('I'), recall, said)

  /** What is said at once: nothing where the beneficiary's bank never answers. */
  function take(recall: Recall): string[] {
    const done = executed.get(recall.endToEndId)
    const same = done?.order.cents === recall.cents && (recall.transactionId ?? done.transactionId) === done.transactionId
    if (!done || !same) return [answer(recall, { status: 'RJCR', code: 'NOOR' })]
    if (done.order.iban === rules.ignoresRecallsIban) return []
    waiting.push({ recall, executed: done, due: bankDaysAfter('target', books.date(), recallDays) })
    return recallDays > 0 ? [answer(recall, { status: 'PDCR' })] : []
  }

  return {
    note: (one: Executed) => void executed.set(one.order.endToEndId, one),
    /** An order that waits for its cycle is taken out of `accepted`; one that was executed is asked back of its beneficiary. A copy is not answered. */
    hear(text: string, accepted: Order[]): Heard {
      const recall = readRecall(text, iban)
      if ('code' in recall) return { answers: [], refusal: recall }
      if (asked.has(recall.caseId)) return { answers: [] }
      asked.add(recall.caseId)
      const place = accepted.findIndex(({ endToEndId, cents }) => endToEndId === recall.endToEndId && cents === recall.cents)
      const [canceled] = place < 0 ? [] : accepted.splice(place, 1)
      return canceled ? { answers: [answer(recall, { status: 'CNCL' })], canceled } : { answers: take(recall) }
    },
    /** What is due by now: money that comes back, which is its own answer, or a refusal. */
    cycle(): string[] {
      const due = waiting.filter((one) => one.due <= books.date())
      waiting = waiting.filter((one) => one.due > books.date())
      return due.flatMap((one) => {
        if (one.executed.order.iban === rules.refusesRecallsIban)
          return [answer(one.recall, { status: 'RJCR', code: 'CUST', text: 'the payee says no' })]
        return giveBack(one.executed) ? [] : [answer(one.recall, { status: 'RJCR', code: 'AM04' })]
      })
    },
  }
}
