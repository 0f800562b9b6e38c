import { readPlace } from '../../gateway/api/pages/readPlace.ts'
import { peopleAmount } from './peopleAmount.ts'
import { print } from './print.ts'
import { type Asked, whichGateway } from './whichGateway.ts'
import { WrongWords } from './wrongWords.ts'

/** What POST /v1/routing/simulate says, as far as it is printed. */
type Candidate = Readonly<{
  rail: string
  why: string
  schedule?: string
  title?: string
  rank?: number
  good_funds_at?: string
  terms?: Readonly<Record<string, string>>
}>
type Simulation = Readonly<{
  amount: Readonly<{ amount: string; code: string }>
  worth_usd: string
  expected_cost_usd: string
  cheapest_first_cost_usd?: string
  candidates: readonly Candidate[]
  parts?: readonly Readonly<{ why: string }>[]
  would_change_if?: Readonly<{ why: string }>
}>
type Options = Asked &
  Readonly<{ to: readonly string[]; asset?: string | undefined; party?: string | undefined; name?: string | undefined }>
type Call = ReturnType<typeof whichGateway>['call']

const PARTY = /^pa_[0-9a-f]{32}$/
const LIST = /^[a-z][a-z0-9_]{0,59}$/

/** Shows what a payout would be decided as, term by term. Nothing is sent. */
export async function explainRoute(amount: string, o: Options): Promise<number> {
  const { call } = whichGateway(o)
  const places = o.to.map((text) => readTo(text, o.name ?? 'payee'))
  const body = {
    party: o.party ?? (await firstParty(call)),
    amount: { asset: o.asset ?? (await bookAsset(call)), amount },
    destinations: places.flatMap((place) => (typeof place === 'string' ? [] : [place])),
    schedules: places.flatMap((place) => (typeof place === 'string' ? [place] : [])),
  }
  const found = (await call('POST', '/v1/routing/simulate', body)) as Simulation // The gateway's own answer.
  print(o, found, () => textOf(found))
  return 0
}

/** A price list by its name, or a destination as a person writes it. */
function readTo(text: string, owner: string): string | object {
  if (PARTY.test(text)) return { kind: 'party', party: text }
  const place = readPlace(text, owner)
  if (place) return place
  if (LIST.test(text)) return text
  throw new WrongWords(`--to ${text.slice(0, 60)} is no place that money goes to, and no name of a price list`)
}

async function bookAsset(call: Call): Promise<string> {
  const { rails } = (await call('GET', '/v1/rails')) as Readonly<{ rails: readonly Readonly<{ rail: string; asset: string }>[] }>
  return rails.find(({ rail }) => rail === 'book')?.asset ?? 'USD'
}

async function firstParty(call: Call): Promise<string> {
  const { data } = (await call('GET', '/v1/parties?limit=1')) as Readonly<{ data: readonly Readonly<{ id: string }>[] }>
  const [first] = data
  if (!first) throw new WrongWords('this gateway has no party that could pay; name one with --party')
  return first.id
}

function textOf({ amount, worth_usd, expected_cost_usd, cheapest_first_cost_usd, candidates, parts, would_change_if }: Simulation): string {
  const lines = [...candidates].sort((a, b) => (a.rank ?? candidates.length + 1) - (b.rank ?? candidates.length + 1)).flatMap(linesOf)
  const instead = cheapest_first_cost_usd === undefined ? '' : `; the cheapest fee first ${cheapest_first_cost_usd} USD`
  const head = `${peopleAmount({ asset: amount.code, amount: amount.amount })}, worth ${worth_usd} USD`
  if (parts)
    return [`${head}: too much for each way, and paid in ${parts.length} parts`, ...parts.map(({ why }) => `- ${why}`), ...lines].join('\n')
  if (candidates.every(({ rank }) => rank === undefined)) return [`${head}: no way can pay it`, ...lines].join('\n')
  const change = would_change_if ? [would_change_if.why] : []
  return [`${head}: expected to cost ${expected_cost_usd} USD in full${instead}`, ...lines, ...change].join('\n')
}

function linesOf({ rail, why, schedule, title, rank, good_funds_at, terms = {} }: Candidate): string[] {
  const name = schedule === undefined ? rail : `${schedule} (${title})`
  const first = `${rank === undefined ? '-' : `${rank}.`} ${name}${good_funds_at === undefined ? '' : `, good funds ${good_funds_at}`}`
  const costs = Object.entries(terms).filter(([, usd]) => usd !== '0')
  return [first, ...(costs.length > 0 ? [`   ${costs.map(([term, usd]) => `${term} ${usd}`).join(', ')}`] : []), `   ${why}`]
}
