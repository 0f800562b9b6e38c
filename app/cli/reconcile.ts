import { mark } from './colours.ts'
import { peopleAmount } from './peopleAmount.ts'
import { print } from './print.ts'
import { type Grounds, grounds } from './suspense.ts'
import { type Asked, whichGateway } from './whichGateway.ts'

type Amount = Readonly<{ asset: string; amount: string }>
/** What GET /v1/reconciliation/:id says, as far as it is printed. */
type Break = Readonly<{
  id: string
  status: string
  kind: string
  rail: string
  side: 'in' | 'out'
  expected: Amount
  moved: Amount
  difference: Amount | null
  statement: string | null
  day: string
  age_s: number
  owner: string | null
  counterparty: string | null
  text: string | null
  expectations: readonly string[]
  movements: readonly string[]
  matched_before: readonly string[]
  next_step: string | null
  proposal: Readonly<{ debit: string; credit: string; amount: Amount }> | null
  action: string | null
  resolution: Readonly<{ how: string; by: string | null; at: string; reason: string | null }> | null
}>
type Page = Readonly<{ data: readonly Break[]; next?: string }>
type Run = Readonly<{
  statements: readonly Readonly<{ rail: string; statement: string; lines: number; matched: number; breaks: number }>[]
  rails: readonly Readonly<{ rail: string; matched: number; breaks: number }>[]
}>

/** Reads the statements that were not read yet; 1 when a break was opened. */
export async function runReconciliation(o: Asked): Promise<number> {
  const run = (await whichGateway(o).call('POST', '/v1/reconciliation/run', {})) as Run // The gateway's own answer.
  print(o, run, () => runText(run))
  return [...run.statements, ...run.rails].some(({ breaks }) => breaks > 0) ? 1 : 0
}

function runText({ statements, rails }: Run): string {
  const verdict = (breaks: number) => (breaks === 0 ? mark('agrees', true) : mark(`${breaks} breaks`, false))
  const read = statements.map(
    ({ rail, statement, lines, matched, breaks }) => `${rail} ${statement}: ${lines} lines, ${matched} matched, ${verdict(breaks)}`,
  )
  const looked = rails.map(({ rail, matched, breaks }) => `${rail}: ${matched} payments confirmed, ${verdict(breaks)}`)
  return [...(read.length === 0 ? ['no statement has come since the last run'] : read), ...looked].join('\n')
}

type Shown = Asked & Readonly<{ status: string; kind?: string | undefined; rail?: string | undefined; after?: string | undefined }>

/** Breaks, newest first; 1 when one is open. */
export async function showBreaks(o: Shown, name: string): Promise<number> {
  const asked = Object.entries({ kind: o.kind, rail: o.rail, after: o.after, ...(o.status === 'all' ? {} : { status: o.status }) })
  const query = new URLSearchParams(asked.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
  const page = (await whichGateway(o).call('GET', `/v1/reconciliation?${query}`)) as Page // The gateway's own answer.
  print(o, page, () => listText(page, name))
  return page.data.some(({ status }) => status !== 'resolved') ? 1 : 0
}

function listText({ data, next }: Page, name: string): string {
  const lines = data.map((one) => {
    const by = one.difference === null ? 'another currency' : peopleAmount(one.difference)
    return `${one.id}  ${one.status}  ${one.rail}  ${one.kind}  ${by}  ${one.day}  ${ageText(one.age_s)}`
  })
  const more = next === undefined ? [] : [`more: --after ${next}`]
  return [...(lines.length === 0 ? ['no break'] : [...lines, `${name} reconcile explain ID says what one is`]), ...more].join('\n')
}

/** One break in sentences: what differs, who may know, and what is done next. */
export async function explainBreak(id: string, o: Asked, name: string): Promise<number> {
  const one = (await whichGateway(o).call('GET', `/v1/reconciliation/${encodeURIComponent(id)}`)) as Break // The gateway's own answer.
  print(o, one, () => explanation(one, name))
  return 0
}

function explanation(one: Break, name: string): string {
  const away = one.side === 'in' ? 'came in' : 'went out'
  const by = one.difference === null ? '' : `: ${peopleAmount(one.difference)} on the rail`
  const lines = [
    `${one.id}: ${one.kind} on ${one.rail}, ${one.status} for ${ageText(one.age_s)}${one.owner === null ? '' : `, with ${one.owner}`}`,
    `  the ledger says that ${peopleAmount(one.expected)} ${away}, the rail that ${peopleAmount(one.moved)} did${by}`,
    `  statement ${one.statement ?? 'none'}, day ${one.day}`,
    ...named('  rail: ', one.movements),
    ...named('  ledger: ', one.expectations),
    ...named('  matched before: ', one.matched_before),
    ...(one.counterparty === null ? [] : [`  with ${JSON.stringify(one.counterparty)}`]),
    // Quoted: a stranger's words, which may hold what moves a terminal's cursor.
    ...(one.text === null ? [] : [`  text ${JSON.stringify(one.text)}`]),
  ]
  return [...lines, ...endText(one, name)].join('\n')
}

function endText({ id, resolution, next_step: next, proposal, action, status }: Break, name: string): string[] {
  if (resolution) {
    const by = resolution.by === null ? '' : ` by ${resolution.by}`
    // The entry's own reason stands with the action that booked it.
    const why = resolution.reason ?? action
    return [`  ended ${resolution.at}: ${resolution.how}${by}${why === null ? '' : `, ${why}`}`]
  }
  const entry = proposal && `  proposed: debit ${proposal.debit}, credit ${proposal.credit}, ${peopleAmount(proposal.amount)}`
  const waits = status === 'asked' ? [`  another operator must agree: ${name} suspense approve ${action}`] : []
  return [
    ...(next === null ? [] : [`  ${next}`]),
    ...(entry ? [entry] : []),
    ...waits,
    ...(status === 'open' ? [`  ${name} reconcile resolve ${id} ${entry ? '' : '--accept '}--reason WHY --evidence TEXT`] : []),
  ]
}

/** Says which operator looks after a break. */
export async function assignBreak(id: string, to: string, o: Asked, name: string): Promise<number> {
  const path = `/v1/reconciliation/${encodeURIComponent(id)}/assign`
  const one = (await whichGateway(o).call('POST', path, { to }, crypto.randomUUID())) as Break // The gateway's own answer.
  print(o, one, () => explanation(one, name))
  return 0
}

type Resolving = Grounds & Readonly<{ accept?: boolean | undefined; debit?: string | undefined; credit?: string | undefined }>

/** Books what was proposed, or another entry, or says why nothing is booked. 3: it waits for a second operator. */
export async function resolveBreak(id: string, o: Resolving, name: string): Promise<number> {
  const { call } = whichGateway(o)
  const key = o.id ?? crypto.randomUUID()
  // Said first: with it the same command can be repeated after whatever happens, and books once.
  if (!o.json) console.log(`key ${key} (repeat with --id ${key})`)
  const accounts = o.debit === undefined ? {} : { debit: o.debit, credit: o.credit }
  const body = { how: o.accept ? 'accept' : 'entry', ...accounts, ...grounds(o) }
  const one = (await call('POST', `/v1/reconciliation/${encodeURIComponent(id)}/resolve`, body, key)) as Break // The gateway's own answer.
  print(o, one, () => explanation(one, name))
  return one.status === 'asked' ? 3 : 0
}

function named(title: string, ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : [`${title}${ids.join(', ')}`]
}

function ageText(seconds: number): string {
  const hours = BigInt(seconds) / 3_600n
  if (hours === 0n) return `${BigInt(seconds) / 60n} min`
  return hours < 48n ? `${hours} h` : `${hours / 24n} days`
}
