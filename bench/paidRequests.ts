// Paid requests per second: the same load, signed beforehand, against each server in turn. The reference server settles nothing; ours must be
// compared with settlement stubbed as well, or say what it does on top.
import { fileURLToPath } from 'node:url'
import type { LoadFigures } from './load/drive.ts'
import type { PreparedRequest } from './load/preparedRequest.ts'
import { runLoad } from './load/runLoad.ts'
import { signX402 } from './load/signX402.ts'
import { type RunningServer, startServer } from './servers/startServer.ts'

const CONNECTIONS = 16
const PAYERS = 16

/** A server under test and its load: `prepare` makes payments that have not been used, `forged` one that must be refused with this status. */
type Candidate = Readonly<{
  title: string
  server: string
  warmUp: number
  measured: number
  prepare: (server: RunningServer, count: number) => Promise<PreparedRequest[]>
  forged: (server: RunningServer) => Promise<PreparedRequest>
  refusal: 401 | 402
}>

const prepareX402 = ({ base }: RunningServer, count: number): Promise<PreparedRequest[]> =>
  signX402(base, '/paid', { count, payers: PAYERS })

const CANDIDATES: readonly Candidate[] = [
  {
    title: '@x402/express 2.27, x402 exact, settlement stubbed',
    server: 'x402Express',
    warmUp: 400,
    measured: 2_000,
    prepare: prepareX402,
    forged: forgedX402,
    refusal: 402,
  },
]

/** A payment whose nonce was changed after it was signed. */
async function forgedX402(server: RunningServer): Promise<PreparedRequest> {
  const [request] = await prepareX402(server, 1)
  const payment = JSON.parse(Buffer.from(request!.headers['payment-signature']!, 'base64').toString())
  payment.payload.authorization.nonce = `0x${'11'.repeat(32)}`
  return { ...request!, headers: { 'payment-signature': Buffer.from(JSON.stringify(payment)).toString('base64') } }
}

async function measure(candidate: Candidate): Promise<void> {
  const server = await startServer(candidate.server)
  try {
    await expectRefusal(server, candidate)
    const requests = await candidate.prepare(server, candidate.warmUp + candidate.measured)
    expectPaid(await load(server, requests.slice(0, candidate.warmUp)), candidate)
    const cpuBefore = await server.cpuUs()
    const figures = await load(server, requests.slice(candidate.warmUp))
    const cpuUs = (await server.cpuUs()) - cpuBefore
    expectPaid(figures, candidate)
    print(candidate, figures, cpuUs)
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

/** Measures each server, one after the other, and prints a line for each. */
export async function run(): Promise<void> {
  console.log(`paid  ${CONNECTIONS} keep-alive connections, load from its own process, each payment signed beforehand and used once`)
  for (const candidate of CANDIDATES) await measure(candidate)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
