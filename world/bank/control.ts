import { createServer, type IncomingMessage, type Server } from 'node:http'
import { z } from 'zod'
import { readEuros, writeEuros } from './euroCents.ts'
import type { Transfer } from './executeOrder.ts'
import { showFaultRule } from './faultShape.ts'
import { isIban } from './orders.ts'

/** What a person or a test can ask of the bank. */
type Controls = Readonly<{
  order: (transfer: Transfer) => string | undefined
  correct: (remittance: string, cents: bigint) => string | undefined
  addFault: (body: string) => string | undefined
  faults: () => readonly Parameters<typeof showFaultRule>[0][]
  cycle: () => Promise<void>
  dayEnd: () => Promise<void>
  moveTo: (at: number) => Promise<void>
  accounts: () => readonly Readonly<{ id: string; iban: string | undefined; cents: bigint }>[]
  date: () => string
}>

type Answer = Readonly<{ status: number; body: unknown }>

const BODY_BYTES_MAX = 16_384
const REQUEST_MS_MAX = 10_000
const REMITTANCE_MAX = 140

const transferShape = z.strictObject({
  customer: z.string(),
  amount: z.string(),
  remittance: z.string().min(1).max(REMITTANCE_MAX),
  to: z.string().optional(),
})

const correctionShape = z.strictObject({ remittance: z.string().min(1).max(REMITTANCE_MAX), amount: z.string() })

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    const chunk = Buffer.from(part)
    bytes += chunk.length
    if (bytes > BODY_BYTES_MAX) throw new Error(`the body has more than ${BODY_BYTES_MAX} bytes`)
    parts.push(chunk)
  }
  return Buffer.concat(parts).toString('utf8')
}

function order(body: string, controls: Controls): Answer {
  const parsed = transferShape.safeParse(JSON.parse(body))
  if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error) } }
  const { customer, amount, remittance, to } = parsed.data
  const cents = readEuros(amount)
  if (cents === undefined || cents === 0n) return { status: 400, body: { error: `"${amount}" is not an amount such as "1.00"` } }
  if (to !== undefined && !isIban(to)) return { status: 400, body: { error: `"${to}" is not an IBAN` } }
  const refused = controls.order({ customer, cents, remittance, ...(to === undefined ? {} : { to }) })
  return refused ? { status: 422, body: { error: refused } } : { status: 202, body: { queued: amount } }
}

function correct(body: string, controls: Controls): Answer {
  const parsed = correctionShape.safeParse(JSON.parse(body))
  if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error) } }
  const { remittance, amount } = parsed.data
  const cents = readEuros(amount)
  if (cents === undefined || cents === 0n) return { status: 400, body: { error: `"${amount}" is not an amount such as "1.00"` } }
  const refused = controls.correct(remittance, cents)
  return refused ? { status: 422, body: { error: refused } } : { status: 202, body: { corrected: amount } }
}

const clockShape = z.strictObject({ at: z.iso.datetime() })

async function answer(request: IncomingMessage, controls: Controls): Promise<Answer> {
  switch (`${request.method} ${request.url}`) {
    case 'POST /transfers':
      return order(await readBody(request), controls)
    case 'POST /corrections':
      return correct(await readBody(request), controls)
    case 'POST /faults': {
      const refused = controls.addFault(await readBody(request))
      return refused ? { status: 400, body: { error: refused } } : { status: 201, body: { faults: controls.faults().map(showFaultRule) } }
    }
    case 'GET /faults':
      return { status: 200, body: { faults: controls.faults().map(showFaultRule) } }
    case 'POST /cycle':
      await controls.cycle()
      return { status: 200, body: { date: controls.date() } }
    case 'POST /day-end':
      await controls.dayEnd()
      return { status: 200, body: { date: controls.date() } }
    case 'POST /clock':
      await controls.moveTo(Date.parse(clockShape.parse(JSON.parse(await readBody(request))).at))
      return { status: 200, body: { date: controls.date() } }
    case 'GET /accounts': {
      const accounts = controls.accounts().map(({ id, iban, cents }) => ({ id, iban, balance: writeEuros(cents) }))
      return { status: 200, body: { date: controls.date(), accounts } }
    }
    default:
      return {
        status: 404,
        body: {
          error: 'POST /transfers, POST /corrections, POST or GET /faults, POST /cycle, POST /day-end, POST /clock or GET /accounts',
        },
      }
  }
}

/** Serves the controls on 127.0.0.1, at a free port unless one is named; the caller closes the server. */
export async function serveControls(controls: Controls, port = 0): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    answer(request, controls)
      .catch((error: unknown): Answer => ({ status: 400, body: { error: error instanceof Error ? error.message : String(error) } }))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify(body))
      })
  })
  server.requestTimeout = REQUEST_MS_MAX
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('invariant broken: a TCP server has a port')
  return { server, url: `http://127.0.0.1:${address.port}` }
}
