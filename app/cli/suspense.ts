import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type GatewayCall, gatewayCall } from './gatewayCall.ts'
import { helpText } from './help.ts'
import { listText, type SuspenseAction, type SuspenseList } from './suspenseText.ts'
import { type Verb, WrongWords } from './verb.ts'
import { whichGateway } from './whichGateway.ts'

const OPTIONS = {
  url: { type: 'string' },
  key: { type: 'string' },
  json: { type: 'boolean' },
  id: { type: 'string' },
  to: { type: 'string' },
  name: { type: 'string' },
  amount: { type: 'string' },
  reference: { type: 'string' },
  debit: { type: 'string' },
  credit: { type: 'string' },
  asset: { type: 'string' },
  reason: { type: 'string' },
  evidence: { type: 'string' },
  file: { type: 'string' },
} as const

type Values = ReturnType<typeof readWords>['values']
type Part = Readonly<{ words: string; path: (word: string) => string; body: (word: string, values: Values) => object }>

/** Each verb as the route it calls, and the body that it sends. */
const PARTS: Readonly<Record<string, Part>> = {
  assign: {
    words: 'ITEM --to pa_...|pi_... [--amount A]        gives it to a party, or lets it pay an intent',
    path: () => 'assign',
    body: (item, v) => ({ item, to: needed(v.to, '--to'), ...optional('amount', v.amount), ...grounds(v) }),
  },
  refund: {
    words: 'ITEM --to IBAN --name N|0x...|lnbc...|name@host  [--amount A] [--reference R]   sends it back',
    path: () => 'refund',
    body: (item, v) => ({
      item,
      destinations: [destinationOf(needed(v.to, '--to'), v.name)],
      ...optional('amount', v.amount),
      ...optional('reference', v.reference),
      ...grounds(v),
    }),
  },
  'write-off': {
    words: 'ITEM [--amount A]                           keeps it as the operator’s own',
    path: () => 'write-off',
    body: (item, v) => ({ item, ...optional('amount', v.amount), ...grounds(v) }),
  },
  adjust: {
    words: 'AMOUNT --asset EUR --debit ACCOUNT --credit ACCOUNT   makes the books follow what a rail says',
    path: () => 'adjust',
    body: (amount, v) => ({
      amount,
      asset: needed(v.asset, '--asset'),
      debit: needed(v.debit, '--debit'),
      credit: needed(v.credit, '--credit'),
      ...grounds(v),
    }),
  },
  approve: {
    words: 'ACTION                                      agrees to what another operator has asked for',
    path: endPath('approve'),
    body: () => ({}),
  },
  cancel: {
    words: 'ACTION                                      takes back what waits for a second operator',
    path: endPath('cancel'),
    body: () => ({}),
  },
}

/** `switchyard suspense ...`: money that arrived and has no owner. Exit 1 when the list is not empty, 3 when a step waits for a second operator. */
export const verb: Verb = {
  usage: 'list|assign|refund|write-off|adjust|approve|cancel [--url URL --key KEY] [--json]   money that arrived and has no owner',
  parts: [
    'It asks a running gateway: --url URL --key KEY (without them the local network), --json for programs.',
    'What moves money needs --reason WHY and --evidence TEXT or --file PATH (its SHA-256 is kept, not the file).\n',
    `  switchyard suspense ${'list'.padEnd(9)} what waits, with whose it may be`,
    ...Object.entries(PARTS).map(([name, { words }]) => `  switchyard suspense ${name.padEnd(9)} ${words}`),
  ],
  exits: { 1: 'refused, or `list` is not empty', 3: 'asked for; it waits for a second operator' },
  async run([name = '', ...args]) {
    const part = PARTS[name]
    if (!part && name !== 'list') return usage()
    const { values, positionals } = readWords(args)
    const { url, key } = whichGateway(values)
    const call = gatewayCall(url, key)
    if (!part) return list(call, values.json ?? false)
    const [word] = positionals
    if (word === undefined) return usage()
    return act(call, part, { word, values })
  },
}

function readWords(args: string[]) {
  return parseArgs({ args, allowPositionals: true, options: OPTIONS })
}

function usage(): number {
  console.error(helpText('suspense', verb))
  return 2
}

async function list(call: GatewayCall, json: boolean): Promise<number> {
  const found = (await call('GET', '/v1/suspense')) as SuspenseList
  console.log(json ? JSON.stringify(found, null, 2) : listText(found))
  return found.data.length + found.waiting.length === 0 ? 0 : 1
}

async function act(call: GatewayCall, part: Part, { word, values }: { word: string; values: Values }): Promise<number> {
  const body = part.body(word, values)
  const key = values.id ?? crypto.randomUUID()
  // Said first: with it the same command can be repeated after whatever happens, and moves once.
  if (!values.json) console.log(`key ${key} (repeat with --id ${key})`)
  const done = (await call('POST', `/v1/suspense/${part.path(word)}`, body, key)) as SuspenseAction
  const what = `${done.id} ${done.status}: ${done.what} ${done.amount.amount} ${done.amount.asset}`
  const next = done.status === 'waiting' ? `\nanother operator must agree: switchyard suspense approve ${done.id}` : ''
  console.log(values.json ? JSON.stringify(done, null, 2) : `${what}${next}`)
  return done.status === 'waiting' ? 3 : 0
}

function endPath(end: 'approve' | 'cancel'): Part['path'] {
  return (action) => `actions/${encodeURIComponent(action)}/${end}`
}

function needed(value: string | undefined, option: string): string {
  if (value === undefined) throw new WrongWords(`${option} is missing`)
  return value
}

function optional(name: string, value: string | undefined): object {
  return value === undefined ? {} : { [name]: value }
}

/** The file stays with the operator; its digest shows later that it is the one. */
function grounds({ reason, evidence, file }: Values): object {
  const sha256 = file === undefined ? undefined : createHash('sha256').update(readFileSync(file)).digest('hex')
  return { reason: needed(reason, '--reason'), evidence: { ...optional('text', evidence), ...optional('sha256', sha256) } }
}

function destinationOf(to: string, name: string | undefined): object {
  if (/^0x/i.test(to)) return { kind: 'evm_address', address: to }
  if (to.includes('@')) return { kind: 'lightning_address', address: to }
  if (/^pa_/.test(to)) return { kind: 'party', party: to }
  if (/^ln(bc|tb)/i.test(to)) return { kind: 'lightning_invoice', invoice: to }
  return { kind: 'iban', iban: to, name: needed(name, '--name') }
}
