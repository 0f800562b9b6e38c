import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { localState } from '../../world/localState.ts'
import { refusedBy } from './refusedBy.ts'
import { type Verb, WrongWords } from './verb.ts'
import { whichGateway } from './whichGateway.ts'

const DEADLINE_MS = 30_000
const OPTIONS = {
  url: { type: 'string' },
  key: { type: 'string' },
  json: { type: 'boolean' },
  payee: { type: 'string' },
  split: { type: 'string' },
  description: { type: 'string' },
} as const

type Made = { id: string; page: string; expires_at: string; offers: { rail: string; full_price: { amount: string } }[] }

/** `switchyard invoice AMOUNT`: makes a payment intent and says where a person pays it. On the local network it is for the demo's split. */
export const verb: Verb = {
  usage:
    'AMOUNT [--payee pa_... | --split sp_...] [--description TEXT] [--url URL --key KEY] [--json]   ask for money (USD): a page to pay it on',
  async run(args) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS })
    const [amount] = positionals
    if (!amount) throw new WrongWords('No amount was given: switchyard invoice 2.50')
    const { url, key } = whichGateway(values)
    const payee = values.payee ?? values.split
    if (!payee && values.url !== undefined) throw new WrongWords('Nobody was named to be paid: give --payee pa_... or --split sp_...')
    const to = values.payee ? { payee: values.payee } : { split: values.split ?? localState().split }
    const response = await fetch(`${url}/v1/payment_intents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ amount: { asset: 'USD', amount }, ...to, ...(values.description ? { description: values.description } : {}) }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
    const made = (await response.json()) as Made & { detail?: string } // The intent, or a problem.
    if (!response.ok) throw refusedBy(url, response.status, made)
    if (values.json) console.log(JSON.stringify(made, null, 2))
    else {
      console.log(`${url}${made.page}`)
      console.log(`${made.id}, payable until ${made.expires_at} over ${made.offers.map(({ rail }) => rail).join(', ')}`)
    }
    return 0
  },
}
