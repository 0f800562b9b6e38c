import { peopleAmount } from './peopleAmount.ts'
import { print } from './print.ts'
import { type Asked, whichGateway } from './whichGateway.ts'

type Repeated = Asked & Readonly<{ id?: string | undefined }>
type Money = Readonly<{ asset: string; amount: string }>
type Hand = Readonly<{ of: string; person: string | null }>
/** What waits for another person, or, of money without an owner, for another operator. */
type Waiting = Readonly<{
  id: string
  status: string
  what: string
  why?: string
  reason?: string
  request?: Readonly<Record<string, unknown>>
  waits_for?: readonly string[]
  asked_by?: Hand | string
  amount?: Money | null
  payout?: string | null
  expires_at?: string
}>
type List = Readonly<{ data: readonly Waiting[] }>

/** What waits for another person, the oldest first, with the command (`name`) that agrees to it. */
export async function listApprovals(name: string, o: Asked): Promise<number> {
  const found = (await whichGateway(o).call('GET', '/v1/approvals')) as List // The gateway's own answer.
  const none = 'nothing waits for another person'
  print(o, found, () => (found.data.length === 0 ? none : found.data.map((one) => textOf(one, name)).join('\n')))
  return 0
}

/** Agrees to what another has asked for, or says no, or takes back one's own. */
export async function answerApproval(id: string, word: 'approve' | 'refuse', o: Repeated): Promise<number> {
  const key = o.id ?? crypto.randomUUID()
  if (!o.json) console.log(`key ${key} (repeat with --id ${key})`)
  const done = (await whichGateway(o).call('POST', `/v1/approvals/${encodeURIComponent(id)}/${word}`, {}, key)) as Waiting // As above.
  const made = done.payout && word === 'approve' ? `: ${done.payout}` : ''
  const more = done.waits_for && done.waits_for.length > 0 ? `\nit waits for a word of: ${done.waits_for.join(', ')}` : ''
  print(o, done, () => `${done.id} ${done.status}${made}${more}`)
  return 0
}

function textOf(one: Waiting, name: string): string {
  const { id, what, amount, asked_by: asked, expires_at: until } = one
  const who = typeof asked === 'string' ? asked : [asked?.of, asked?.person].filter((part) => typeof part === 'string').join(' ')
  const lines = [
    `${id}  ${what}${amount ? `  ${peopleAmount(amount)}` : ''}`,
    `    asked by ${who === '' ? 'nobody that is named' : who}${until ? `, until ${until}` : ''}: ${one.why ?? one.reason ?? ''}`,
    ...(one.request ? [`    ${JSON.stringify(one.request)}`] : []),
    `    ${name} approvals approve ${id}`,
  ]
  return lines.join('\n')
}
