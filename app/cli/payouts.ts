import { parseArgs } from 'node:util'
import { type GatewayCall, gatewayCall } from './gatewayCall.ts'
import { helpText } from './help.ts'
import type { Verb } from './verb.ts'
import { whichGateway } from './whichGateway.ts'

const OPTIONS = {
  url: { type: 'string' },
  key: { type: 'string' },
  json: { type: 'boolean' },
  id: { type: 'string' },
  reason: { type: 'string' },
  evidence: { type: 'string' },
} as const

/** What GET /v1/payouts says, as far as it is printed. */
type Amount = Readonly<{ amount: string; code: string }>
type Attempt = Readonly<{ id: string; rail: string; amount: Amount; sent_at: string; stuck?: boolean; detail?: string }>
type Payout = Readonly<{ id: string; attempts: readonly Attempt[] }>
type Page = Readonly<{ data: readonly Payout[]; next?: string }>
type Asked = Readonly<{ id: string; status: string; outcome: string; attempt: string }>
type Words = Readonly<{ words: readonly string[]; values: ReturnType<typeof readWords>['values']; call: GatewayCall }>

const PARTS: Readonly<Record<string, Readonly<{ words: string; run: (w: Words) => Promise<number> }>>> = {
  stuck: { words: '                                    payments that their rail will not end; exit 1 when there are any', run: stuck },
  end: {
    words: 'PAYOUT ATTEMPT settled|failed --reason WHY [--evidence TEXT]   says what became of one; settled needs evidence',
    run: end,
  },
}

/** `switchyard payouts ...`: what a person must end. Exit 1 when the list is not empty, 3 when a second operator must agree. */
export const verb: Verb = {
  usage: 'stuck|end [--url URL --key KEY] [--json]   payments that their rail will not end',
  parts: [
    'It asks a running gateway: --url URL --key KEY (without them the local network), --json for programs.\n',
    ...Object.entries(PARTS).map(([name, { words }]) => `  switchyard payouts ${name.padEnd(5)} ${words}`),
  ],
  exits: { 1: 'refused, or `stuck` has found some', 3: 'asked for; it waits for a second operator' },
  async run([name = '', ...args]) {
    const part = PARTS[name]
    if (!part) return usage()
    const { values, positionals } = readWords(args)
    const { url, key } = whichGateway(values)
    return part.run({ words: positionals, values, call: gatewayCall(url, key) })
  },
}

function readWords(args: string[]) {
  return parseArgs({ args, allowPositionals: true, options: OPTIONS })
}

function usage(): number {
  console.error(helpText('payouts', verb))
  return 2
}

async function stuck({ values, call }: Words): Promise<number> {
  const data = await allStuck(call)
  const lines = data.flatMap(({ id, attempts }) =>
    attempts
      .filter((attempt) => attempt.stuck)
      .map((a) => `${id} ${a.id}  ${a.rail}  ${a.amount.amount} ${a.amount.code}  ${a.sent_at}${a.detail ? `\n    ${a.detail}` : ''}`),
  )
  const text = lines.length === 0 ? 'no payment is stuck' : lines.join('\n')
  console.log(values.json ? JSON.stringify(data, null, 2) : text)
  return data.length === 0 ? 0 : 1
}

/** All pages. */
async function allStuck(call: GatewayCall): Promise<readonly Payout[]> {
  const found = new Map<string, Payout>()
  let after: string | undefined
  do {
    const page = (await call('GET', `/v1/payouts?stuck=true&limit=100${after === undefined ? '' : `&after=${after}`}`)) as Page
    for (const payout of page.data) found.set(payout.id, payout)
    after = page.next
  } while (after !== undefined)
  return [...found.values()]
}

async function end({ words, values, call }: Words): Promise<number> {
  const [payout, attempt, outcome] = words
  if (!payout || !attempt || !(outcome === 'settled' || outcome === 'failed') || !values.reason) return usage()
  const body = { outcome, reason: values.reason, ...(values.evidence === undefined ? {} : { evidence: values.evidence }) }
  const key = values.id ?? crypto.randomUUID()
  // Said first: with it the same command can be repeated after whatever happens, and ends it once.
  if (!values.json) console.log(`key ${key} (repeat with --id ${key})`)
  const path = `/v1/payouts/${encodeURIComponent(payout)}/attempts/${encodeURIComponent(attempt)}/outcome`
  const asked = (await call('POST', path, body, key)) as Asked
  const next = asked.status === 'waiting' ? `\nanother operator must agree: switchyard suspense approve ${asked.id}` : ''
  console.log(values.json ? JSON.stringify(asked, null, 2) : `${asked.id} ${asked.status}: ${asked.attempt} ${asked.outcome}${next}`)
  return asked.status === 'waiting' ? 3 : 0
}
