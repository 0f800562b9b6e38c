import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { peopleAmount } from './peopleAmount.ts'
import { print } from './print.ts'
import { listText, type SuspenseAction, type SuspenseList } from './suspenseText.ts'
import { type Asked, whichGateway } from './whichGateway.ts'
import { WrongWords } from './wrongWords.ts'

type Repeated = Asked & Readonly<{ id?: string | undefined }>
export type Grounds = Repeated & Readonly<{ reason: string; evidence?: string | undefined; file?: string | undefined }>
type OfItem = Grounds & Readonly<{ amount?: string | undefined }>

/** What waits, with whose it may be, and the command (`name`) that gives it; 1 when something does. */
export async function listSuspense(name: string, o: Asked): Promise<number> {
  const found = (await whichGateway(o).call('GET', '/v1/suspense')) as SuspenseList // The gateway's own answer.
  print(o, found, () => listText(found, name))
  return found.data.length + found.waiting.length === 0 ? 0 : 1
}

/** Gives an item to a party, or lets it pay an intent. Of what moves here, 3 says that it waits for a second operator. */
export async function assign(item: string, o: OfItem & Readonly<{ to: string }>, name: string): Promise<number> {
  return act('assign', { item, to: o.to, ...optional('amount', o.amount), ...grounds(o) }, o, name)
}

/** Sends an item back. */
export async function refund(
  item: string,
  o: OfItem & Readonly<{ to: string; name?: string | undefined; reference?: string | undefined }>,
  name: string,
): Promise<number> {
  const where = {
    item,
    destinations: [destinationOf(o.to, o.name)],
    ...optional('amount', o.amount),
    ...optional('reference', o.reference),
  }
  return act('refund', { ...where, ...grounds(o) }, o, name)
}

/** Keeps an item as the operator's own. */
export async function writeOff(item: string, o: OfItem, name: string): Promise<number> {
  return act('write-off', { item, ...optional('amount', o.amount), ...grounds(o) }, o, name)
}

/** Makes the books follow what a rail says. */
export async function adjust(
  amount: string,
  o: Grounds & Readonly<{ asset: string; debit: string; credit: string }>,
  name: string,
): Promise<number> {
  return act('adjust', { amount, asset: o.asset, debit: o.debit, credit: o.credit, ...grounds(o) }, o, name)
}

/** Agrees to what another operator has asked for, or takes back what waits. */
export async function endAction(action: string, end: 'approve' | 'cancel', o: Repeated, name: string): Promise<number> {
  return act(`actions/${encodeURIComponent(action)}/${end}`, {}, o, name)
}

async function act(path: string, body: object, o: Repeated, name: string): Promise<number> {
  const { call } = whichGateway(o)
  const key = o.id ?? crypto.randomUUID()
  // Said first: with it the same command can be repeated after whatever happens, and moves once.
  if (!o.json) console.log(`key ${key} (repeat with --id ${key})`)
  const done = (await call('POST', `/v1/suspense/${path}`, body, key)) as SuspenseAction // The gateway's own answer.
  const waits = done.status === 'waiting'
  const next = waits ? `\nanother operator must agree: ${name} suspense approve ${done.id}` : ''
  print(o, done, () => `${done.id} ${done.status}: ${done.what} ${peopleAmount(done.amount)}${next}`)
  return waits ? 3 : 0
}

function optional(name: string, value: string | undefined): object {
  return value === undefined ? {} : { [name]: value }
}

/** The file stays with the operator; its digest shows later that it is the one. */
export function grounds({ reason, evidence, file }: Grounds): object {
  const sha256 = file === undefined ? undefined : createHash('sha256').update(readFileSync(file)).digest('hex')
  return { reason, evidence: { ...optional('text', evidence), ...optional('sha256', sha256) } }
}

function destinationOf(to: string, name: string | undefined): object {
  if (/^0x/i.test(to)) return { kind: 'evm_address', address: to }
  if (to.includes('@')) return { kind: 'lightning_address', address: to }
  if (/^pa_/.test(to)) return { kind: 'party', party: to }
  if (/^ln(bc|tb)/i.test(to)) return { kind: 'lightning_invoice', invoice: to }
  if (name === undefined) throw new WrongWords('--name is missing: the holder of this account')
  return { kind: 'iban', iban: to, name }
}
