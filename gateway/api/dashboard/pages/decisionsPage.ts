import { unitsOf } from './decimals.ts'
import { listPath } from './lists.ts'
import { html, type Markup } from './markup.ts'
import { amount, codeOf, facts, filters, json, link, pager, refusal, state, table, time } from './parts.ts'
import { isExpected, realisedUsd } from './realised.ts'
import type { Decision, OfferDecision, Payout } from './shapes.ts'
import { type Got, type Listed, type Page, read, type View } from './view.ts'

const SHOWN = 20

/** Why payouts took the rails they took, the newest first. */
export async function decisionsPage(view: View): Promise<Page> {
  const listed = await decidedPayouts(view, SHOWN)
  const { fell_back: only } = view.query
  const decided = decisionsOf(listed.found?.data ?? []).filter(({ payout, decision }) => !only || isFallBack(payout, decision))
  const body = html`${filters('/dashboard/decisions', [{ name: 'fell_back', label: 'Those that fell back to another rail', value: only, options: ['yes'] }])}
${listed.problem && refusal(listed.problem)}
${table(
  'Decisions',
  // What was decided comes first: a phone shows three columns of it.
  ['Amount', 'Chosen', 'State', 'When (UTC)', 'Of', 'Expected, USD', 'Realised fee, USD', 'Decision', 'Payout', ''],
  decided.map(({ payout, decision }) => [
    amount(view, decision.amount),
    chosenOf(decision)?.rail ?? 'none',
    html`${state(payout.status)}${isFallBack(payout, decision) && html` ${state('late')} fell back`}`,
    time(decision.at),
    decision.candidates.length,
    chosenOf(decision) ? decision.expected_cost_usd : 'no way',
    realisedUsd(view, { payout, decision }) ?? notRealised(payout),
    link(decision.id),
    link(payout.id),
    json(`/v1/decisions/${decision.id}`),
  ]),
)}
${pager('/dashboard/decisions', view.query, listed.found?.next)}`
  return {
    title: 'Decisions',
    lead: 'Why that rail? Each candidate with its cost in full, what was chosen and what would have changed it.',
    body,
  }
}

/** Nothing is paid yet, or never will be. */
const notRealised = ({ status }: Payout) => (status === 'failed' ? 'nothing paid' : 'not yet')

type Decided = Payout & Readonly<{ decision?: Decision }>

/** Payouts with their decisions, in one call. */
export async function decidedPayouts(
  view: View,
  count: number,
  more: Readonly<Record<string, string>> = {},
): Promise<Got<Listed<Decided>>> {
  return read<Listed<Decided>>(view, listPath('/v1/payouts', view, { limit: `${count}`, expand: 'decision', ...more }))
}

export function decisionsOf(payouts: readonly Decided[]) {
  return payouts.flatMap((payout) => (payout.decision ? [{ payout, decision: payout.decision }] : []))
}

const chosenOf = ({ candidates }: Decision) => candidates.find(({ rank }) => rank === 1)

function isFallBack({ rail }: Payout, decision: Decision): boolean {
  const first = chosenOf(decision)?.rail
  return rail !== undefined && first !== undefined && rail !== first
}

/** One decision: the table of its candidates, term by term. */
export async function decisionPage(view: View): Promise<Page> {
  const safe = encodeURIComponent(view.id)
  const { found, problem } = await read<Decision | OfferDecision>(view, `/v1/decisions/${safe}`)
  if (!found) return { title: 'Decision', lead: 'Why that rail?', body: refusal(problem) }
  const { would_change_if: change } = found
  const body = html`${found.object === 'offer_decision' ? offeredOf(view, found) : await chosenFor(view, found)}
<h2>Candidates, costs in USD</h2>${candidatesOf(found)}
<h2>Would change if</h2>${
    change
      ? html`<p><strong>${change.why}</strong> ${change.term.replaceAll('_', ' ')} is ${change.now_usd} USD now.</p>`
      : html`<p class="quiet">Nothing would: there was one way only.</p>`
  }
<p>${json(`/v1/decisions/${safe}`)}</p>`
  return { title: 'Decision', lead: 'Why that rail?', body }
}

async function chosenFor(view: View, found: Decision): Promise<Markup> {
  const payout = (await read<Payout>(view, `/v1/payouts/${found.payout_id}`)).found
  return facts([
    ['Payout', link(found.payout_id)],
    ['At', time(found.at)],
    ['Amount', html`${amount(view, found.amount)}, worth ${found.worth_usd} USD`],
    ['Chosen', chosenOf(found)?.rail ?? (found.parts ? `${found.parts.length} parts` : 'nothing')],
    ['Parts', found.parts?.map(({ why }) => why).join(' ')],
    ['Planned by its batch', found.planned && `${found.planned.rail}, unless another way costs ${found.planned.prefer_usd} USD less`],
    ['Policy of its party', found.policy && `version ${found.policy.version}`],
    ['Sent when', found.timing?.why],
    ['Expected cost', expectedOf(found)],
    ['Cost of not paying', `${found.cost_of_not_paying_usd} USD`],
    ['Realised fee', payout && realisedText(view, payout, found)],
    ['Came to', found.realised?.why],
  ])
}

function expectedOf(found: Decision): string {
  if (chosenOf(found)) return `${found.expected_cost_usd} USD, with what not paying would cost at its chance`
  return found.parts ? 'that of its parts: no way could pay it whole' : 'no way could pay it'
}

/** Why an intent offers what it does. */
function offeredOf(view: View, { payment_intent_id, at, amount: price, candidates, realised }: OfferDecision): Markup {
  return facts([
    ['Payment intent', link(payment_intent_id)],
    ['At', time(at)],
    ['Price', amount(view, price)],
    ['Offered first', candidates.find(({ rank }) => rank === 1)?.rail ?? 'nothing'],
    ['Paid by', realised && html`${realised.rail}, ${amount(view, realised.received)}`],
    [
      'Expected cost of that',
      realised?.expected_cost_usd && `${realised.expected_cost_usd} USD, ${realised.dearer_by_usd ?? '0'} above the first`,
    ],
  ])
}

function realisedText(view: View, payout: Payout, decision: Decision): string {
  const usd = realisedUsd(view, { payout, decision })
  if (usd === undefined)
    return payout.fee ? `${payout.fee.amount} ${codeOf(view, payout.fee)}, for which there was no rate` : notRealised(payout)
  return `${usd} USD on ${payout.rail ?? 'no rail'}${isExpected(decision) ? ', as expected: it tells its fees later' : ''}`
}

function candidatesOf({ candidates }: Decision | OfferDecision): Markup {
  const terms = [...new Set(candidates.flatMap(({ terms = {} }) => Object.keys(terms)))].filter((term) =>
    candidates.some((one) => (unitsOf(one.terms?.[term]) ?? 0n) !== 0n),
  )
  return html`${table(
    'Candidates',
    ['Rail', 'Verdict', 'Dearer by', 'Good funds at', 'Of 100 succeed', ...terms.map((term) => term.replaceAll('_', ' '))],
    candidates.map((one) => [
      one.rail,
      one.rank !== undefined && one.rank > 1
        ? html`${state('pending')}, ${one.rank}. in line`
        : state(one.rank === 1 ? 'chosen' : one.verdict),
      one.dearer_by_usd ?? '',
      one.good_funds_at === undefined ? '' : time(one.good_funds_at),
      percent(one.success_ppm),
      ...terms.map((term) => one.terms?.[term] ?? ''),
    ]),
  )}
<ul class="reasons">${candidates.map(({ rail, why }) => html`<li><strong>${rail}</strong>: ${why}</li>`)}</ul>`
}

function percent(ppm: string | undefined): string {
  if (ppm === undefined) return ''
  const digits = ppm.padStart(5, '0')
  return `${digits.slice(0, -4)}.${digits.slice(-4, -2)}`
}
