// Paid requests per second: the same load, signed beforehand, against each server in turn. The reference server settles nothing, so settlement
// is stubbed in ours as well; what ours does on top (a durable claim and hold, a signed receipt, a durable answer) stays real.
import { fileURLToPath } from 'node:url'
import { bookRequests } from './load/bookRequests.ts'
import type { LoadFigures } from './load/drive.ts'
import type { PreparedRequest } from './load/preparedRequest.ts'
import { runLoad } from './load/runLoad.ts'
import { signX402 } from './load/signX402.ts'
import { type RunningServer, startServer } from './servers/startServer.ts'

const CONNECTIONS = 16
const PAYERS = 16
/** The pace of the open loop, and for how long. */
const [OPEN_PER_SECOND, OPEN_SECONDS] = [1_000, 8]
const OPEN_CONNECTIONS = 64

/**
 * A server under test and its load: `prepare` makes payments that have not been used, `forged` one that must be refused with this status.
 * `measured` is as many as take a few seconds; a payer's authorizations stay below the exposure at which the gateway would collect first. `warmUp` takes each
 * about as long as another: V8 goes on compiling for some seconds, and what it takes of a request's figure meanwhile is no request's.
 */
type Candidate = Readonly<{
  title: string
  server: string
  args?: readonly string[]
  warmUp: number
  measured: number
  prepare: (server: RunningServer, count: number) => Promise<PreparedRequest[]>
  forged: (server: RunningServer) => Promise<PreparedRequest>
  refusal: 401 | 402
}>

/** `perCpuSecond` counts the CPU of the server's process only, in all its threads. */
type Rates = Readonly<{ perSecond: number; perCpuSecond: number }>

const prepareX402 = ({ base }: RunningServer, count: number): Promise<PreparedRequest[]> =>
  signX402(base, '/paid', { count, payers: PAYERS })
const prepareBook = async ({ hello }: RunningServer, count: number): Promise<PreparedRequest[]> =>
  bookRequests('/paid', { apiKey: hello.apiKey!, count })

const x402 = { prepare: prepareX402, forged: forgedX402, refusal: 402 } as const
const REFERENCE: Candidate = {
  title: '@x402/express 2.27, x402 exact, settlement stubbed',
  server: 'x402Express',
  warmUp: 2_000,
  measured: 2_000,
  ...x402,
}
const MPPX: Candidate = {
  title: 'mppx 0.11, evm charge by x402, settlement stubbed',
  server: 'mppxCharge',
  warmUp: 2_000,
  measured: 2_000,
  ...x402,
}
const BOOK = { server: 'switchyard', warmUp: 8_000, measured: 8_000, prepare: prepareBook, forged: forgedBook, refusal: 401 } as const
/** A priced route of the gateway's own process, and the same of an app that asks it over HTTP; what the second costs more is printed. */
const IN_PROCESS: Candidate = { title: 'switchyard, balance of an API key (book rail)', ...BOOK }
const REMOTE: Candidate = { title: '  the same in an app elsewhere, CPU of both', ...BOOK, args: ['--remote'] }
const X402: Candidate = {
  title: 'switchyard, x402 exact, settlement stubbed',
  server: 'switchyard',
  warmUp: 8_000,
  measured: 8_000,
  ...x402,
}
const OURS: readonly Candidate[] = [
  X402,
  { ...X402, title: '  the same, each arrival booked as well', args: ['--booked'] },
  IN_PROCESS,
  REMOTE,
]

/** A token of L402 that was paid for once, as its clients show it again: what aperture is measured with in proxy.ts. */
const SHOWN = { server: 'switchyard', warmUp: 8_000, measured: 8_000, prepare: prepareToken, forged: forgedToken, refusal: 402 } as const
const PASSES: readonly Candidate[] = [
  { title: 'switchyard, L402 token of a pass for a time', ...SHOWN, args: ['--pass-time'] },
  { title: '  of a pass of uses, each booked with a receipt', ...SHOWN, args: ['--pass-uses'] },
]

async function prepareToken({ base }: RunningServer, count: number): Promise<PreparedRequest[]> {
  const asked = await fetch(`${base}/paid`)
  const [, macaroon, hash] = /L402 macaroon="([^"]+)", invoice="lnbcrt([^"]+)"/.exec(asked.headers.get('www-authenticate') ?? '') ?? []
  const { preimage } = (await (await fetch(`${base}/settled/${hash}`)).json()) as { preimage: string } // Of our own server.
  const headers = { authorization: `L402 ${macaroon}:${preimage}` }
  return Array.from({ length: count }, () => ({ method: 'GET', path: '/paid', headers }))
}

/** A token with the preimage of nothing. */
async function forgedToken(server: RunningServer): Promise<PreparedRequest> {
  const [request] = await prepareToken(server, 1)
  return { ...request!, headers: { authorization: request!.headers.authorization!.replace(/:.*$/, `:${'0'.repeat(64)}`) } }
}

/** A payment from the balance of a key that nobody was given. */
async function forgedBook(): Promise<PreparedRequest> {
  const [request] = bookRequests('/paid', { apiKey: 'sk_nobodys_key', count: 1 })
  return request!
}

/** A payment whose nonce was changed after it was signed. */
async function forgedX402(server: RunningServer): Promise<PreparedRequest> {
  const [request] = await prepareX402(server, 1)
  const payment = JSON.parse(Buffer.from(request!.headers['payment-signature']!, 'base64').toString())
  payment.payload.authorization.nonce = `0x${'11'.repeat(32)}`
  return { ...request!, headers: { 'payment-signature': Buffer.from(JSON.stringify(payment)).toString('base64') } }
}

async function measure(candidate: Candidate): Promise<Rates> {
  const server = await startServer(candidate.server, candidate.args)
  try {
    await expectRefusal(server, candidate)
    const requests = await candidate.prepare(server, candidate.warmUp + candidate.measured)
    expectPaid(await load(server, requests.slice(0, candidate.warmUp)), candidate)
    const cpuBefore = await server.cpuUs()
    const figures = await load(server, requests.slice(candidate.warmUp))
    const cpuUs = (await server.cpuUs()) - cpuBefore
    expectPaid(figures, candidate)
    print(candidate, figures, cpuUs)
    return { perSecond: candidate.measured / figures.seconds, perCpuSecond: candidate.measured / (cpuUs / 1e6) }
  } finally {
    await server.stop()
  }
}

function load(server: RunningServer, requests: readonly PreparedRequest[]): Promise<LoadFigures> {
  return runLoad({ port: server.port, connections: CONNECTIONS, requests })
}

/** A server that does not look at signatures would be fast: one that takes a forged payment is not measured. */
async function expectRefusal(server: RunningServer, candidate: Candidate): Promise<void> {
  const { statuses } = await runLoad({ port: server.port, connections: 1, requests: [await candidate.forged(server)] })
  if (statuses[candidate.refusal] !== 1)
    throw new Error(`${candidate.title}: a forged payment was answered ${JSON.stringify(statuses)}, not ${candidate.refusal}`)
}

function expectPaid({ statuses }: LoadFigures, { title }: Candidate): void {
  if (Object.keys(statuses).join() !== '200') throw new Error(`${title}: not every payment was taken: ${JSON.stringify(statuses)}`)
}

function print({ title, measured }: Candidate, { seconds, p50Ms, p99Ms }: LoadFigures, cpuUs: number): void {
  const rate = `${(measured / seconds).toFixed(0)} requests/s`
  const perCpuSecond = `${(measured / (cpuUs / 1e6)).toFixed(0)} per CPU s`
  console.log(
    `paid  ${title.padEnd(52)} ${rate.padStart(16)}  ${(cpuUs / measured).toFixed(0).padStart(5)} us CPU/request (${perCpuSecond})  p50 ${p50Ms.toFixed(2)} ms  p99 ${p99Ms.toFixed(2)} ms`,
  )
}

function printRatio({ title }: Candidate, ours: Rates, theirs: readonly Rates[]): void {
  const times = (of: keyof Rates) => theirs.map((rates) => (ours[of] / rates[of]).toFixed(1)).join(' and ')
  console.log(
    `paid  ${title.trim()}: ${times('perCpuSecond')} times @x402/express and mppx per CPU second, ${times('perSecond')} per second`,
  )
}

/** Payments at a pace that is kept whether or not others were answered: timed from when each was due, with the journal's appends apart. */
async function measureOpen({ title, server: name, args, warmUp, prepare }: Candidate): Promise<void> {
  const server = await startServer(name, args)
  try {
    const requests = await prepare(server, warmUp + OPEN_PER_SECOND * OPEN_SECONDS)
    await load(server, requests.slice(0, warmUp))
    await server.appends()
    const figures = await runLoad({
      port: server.port,
      connections: OPEN_CONNECTIONS,
      requests: requests.slice(warmUp),
      perSecond: OPEN_PER_SECOND,
    })
    const { count, p50Ms, p99Ms } = await server.appends()
    const appends = `${count} appends with their fsync p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`
    const { p50Ms: p50, p99Ms: p99, statuses } = figures
    console.log(
      `paid  ${title}, open loop at ${OPEN_PER_SECOND}/s: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ${JSON.stringify(statuses)}; ${appends}`,
    )
  } finally {
    await server.stop()
  }
}

/** What an admission over HTTP costs on both sides together, beside one in the gateway's own process. */
function printMore(inProcess: Rates, remote: Rates): void {
  const moreMs = 1_000 / remote.perCpuSecond - 1_000 / inProcess.perCpuSecond
  console.log(
    `paid  an app elsewhere: ${moreMs.toFixed(3)} ms CPU more a request than in the gateway's process (two calls of the gateway, both ends)`,
  )
}

/** Measures each server, one after the other, and prints a line for each, then ours as multiples of the reference. */
export async function run(): Promise<void> {
  console.log(`paid  ${CONNECTIONS} keep-alive connections, load from its own process, each payment signed beforehand and used once`)
  const theirs = [await measure(REFERENCE), await measure(MPPX)]
  const ours = new Map<Candidate, Rates>()
  for (const candidate of [...OURS, ...PASSES]) ours.set(candidate, await measure(candidate))
  for (const [candidate, rates] of ours) printRatio(candidate, rates, theirs)
  printMore(ours.get(IN_PROCESS)!, ours.get(REMOTE)!)
  for (const candidate of [X402, IN_PROCESS]) await measureOpen(candidate)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
