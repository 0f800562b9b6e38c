import { railRows } from '../../../gateway/audit/reconcile/railRows.ts'
import { formatAmount, money } from '../../../gateway/money/money.ts'
import type { PayoutView } from '../../../gateway/payouts/payoutState/view.ts'
import { posted, START, USDC, type World } from '../payoutWorld.ts'
import type { Liar } from './liar.ts'
import type { Outside } from './life.ts'

type AttemptView = PayoutView['attempts'][number]
/** `untrue`: what the books say of it and what has moved differ, and whose word that is. */
type Judged = Readonly<{ attempt: AttemptView; liar: Liar; isPaid: boolean; untrue: 'no' | 'rail' | 'person' | 'nobody' }>

/**
 * What must hold when all payouts have their end, in sentences of what does not: each was paid as often as the books say, so at most once; what is otherwise
 * is by an explicit word of its rail or of a person; the books are those of the rails to the unit but for exactly that, which the comparison with them shows.
 */
export async function whatIsWrong({ wanted, senders }: Outside, liars: readonly Liar[], { payouts, books }: World): Promise<string[]> {
  const views = wanted.map(({ command }) => payouts.get(command.id))
  const judged = views.flatMap((view) => view.attempts.filter(({ rail }) => rail !== 'book').map((attempt) => judge(liars, attempt)))
  const wrong = judged
    .filter(({ untrue }) => untrue === 'nobody')
    .map(({ attempt: { id, rail, outcome, reason }, isPaid }) => {
      return `${id} is ${outcome} (${reason ?? ''}) in the books, and ${rail} has ${isPaid ? 'paid' : 'not paid'} it`
    })
  for (const view of views) wrong.push(...payout(view, judged))
  for (const { command } of wanted) {
    const { deliverBy = Number.POSITIVE_INFINITY, id } = command
    if (payouts.get(id).attempts.some(({ sentAt }) => Date.parse(sentAt) > deliverBy)) wrong.push(`${id} was tried after its time`)
  }
  for (const { truth, rail } of liars) {
    for (const id of truth.heard) if (!payouts.ofAttempt(id)) wrong.push(`${rail.rail} has heard of ${id}, and the books have not`)
  }
  const shown = payouts.contradictions()
  for (const { attempt } of judged.filter(({ untrue }) => untrue === 'person')) {
    if (!shown.some(({ detail }) => detail.includes(attempt.id)))
      wrong.push(`${attempt.id} was ended wrongly by a person, and nobody is told`)
  }
  const settled = views.filter(({ status }) => status === 'settled')
  const amountOf = (view: PayoutView) => wanted.find(({ command }) => command.id === view.id)!.command.amount.units
  const source = START.usdc - settled.reduce((sum, view) => sum + amountOf(view), 0n)
  if (posted(books, wanted[0]!.command.source, USDC) !== source) wrong.push('the source was not charged what was paid')
  wrong.push(...(await booksWrong(books)), ...(await railsWrong(books, liars, judged)))
  if (senders.length !== liars.length) wrong.push('a rail is not judged')
  return wrong
}

function judge(liars: readonly Liar[], attempt: AttemptView): Judged {
  const liar = liars.find(({ rail }) => rail.rail === attempt.rail)!
  const { truth } = liar
  const isPaid = truth.isPaid(attempt.id)
  const isTrue = (attempt.outcome === 'settled') === isPaid
  const byPerson = attempt.byHand !== undefined && attempt.byHand.overruled === undefined
  const byRail = isPaid && attempt.outcome === 'failed' && truth.orders.get(attempt.id)!.manner === 'lies' && truth.saidFailed(attempt.id)
  return { attempt, liar, isPaid, untrue: isTrue ? 'no' : byPerson ? 'person' : byRail ? 'rail' : 'nobody' }
}

/** One payout, beside what moved for it. */
function payout({ id, status, attempts, exceptions, rail }: PayoutView, judged: readonly Judged[]): string[] {
  const wrong: string[] = []
  const own = judged.filter(({ attempt }) => attempts.includes(attempt))
  const honest = own.filter(({ isPaid, untrue }) => isPaid && untrue === 'no').length
  const byHand = own.filter(({ untrue, isPaid }) => untrue === 'person' && !isPaid).length
  const paid = rail === 'book' ? 1 : honest + byHand
  if (status !== 'settled' && status !== 'failed') wrong.push(`${id} has no end: it is ${status}`)
  if (paid !== (status === 'settled' ? 1 : 0)) wrong.push(`${id} is ${status}, and was paid ${paid} times`)
  if (exceptions.length > 0) wrong.push(`${id} could not be booked: ${exceptions.join()}`)
  const terms = own
    .filter(({ attempt: { reason } }) => reason !== 'never_sent' && reason !== 'fee_budget_used')
    .map(({ attempt }) => termsOf(attempt))
  if (new Set(terms).size < terms.length) wrong.push(`${id} was tried twice by one way with the same terms`)
  for (const { attempt, liar } of own) {
    const ordered = liar.truth.orders.get(attempt.id)?.attempt.amount
    if (ordered && formatAmount(ordered) !== attempt.amount.amount) wrong.push(`${attempt.id} was handed over with another amount`)
  }
  return wrong
}

function termsOf({ rail, destination, feeMax, changed = [] }: AttemptView): string {
  return [rail, destination, feeMax.amount, ...new Set(changed)].join()
}

/** The chain and the sums, nothing held, and nothing between a source and a rail. */
async function booksWrong(books: World['books']): Promise<string[]> {
  const { broken, sums } = await books.verify()
  const wrong = broken === undefined ? [] : [`the journal is broken: ${JSON.stringify(broken)}`]
  for (const { debits, credits } of sums) if (debits !== credits) wrong.push('debits and credits differ')
  for (const { path, debitsPending, creditsPending } of books.accounts('')) {
    if (debitsPending !== 0n || creditsPending !== 0n) wrong.push(`something is held still on ${path}`)
  }
  for (const { path, debitsPosted, creditsPosted } of books.accounts('transit'))
    if (debitsPosted !== creditsPosted) wrong.push(`${path} is not empty`)
  return wrong
}

/** The comparison that `verify` makes shows exactly what is by a false word, and nothing else. */
async function railsWrong(books: World['books'], liars: readonly Liar[], judged: readonly Judged[]): Promise<string[]> {
  const statements = liars.map(({ rail, balances }) => ({ rail: rail.rail, statement: { balances } }))
  const rows = await railRows({ books, statements, inFlight: () => [] })
  return rows.flatMap((row, place) => {
    const liar = liars[place]!
    const fee = (id: string) => (liar.rail.feesComeBy === 'outcome' ? liar.truth.orders.get(id)!.fee.units : 0n)
    let expected = 0n
    for (const { attempt, isPaid, untrue } of judged.filter((one) => one.liar === liar)) {
      const order = liar.truth.orders.get(attempt.id)
      if (!order) continue
      if (untrue !== 'no') expected += isPaid ? -(order.attempt.amount.units + fee(attempt.id)) : order.attempt.amount.units
      // Who ends it by hand does not know its fee.
      else if (isPaid && !attempt.evidence?.id.startsWith('proof-')) expected -= fee(attempt.id)
      if (isPaid && order.manner === 'twice') expected -= order.attempt.amount.units + fee(attempt.id)
    }
    const shown = formatAmount(money(liar.rail.asset, expected))
    if (row.difference === shown && row.verdict === (expected === 0n ? 'equal' : 'break')) return []
    return [`${row.account} differs by ${row.difference} (${row.verdict}), and false words explain ${shown}`]
  })
}
