// What a proxy costs that can sell: requests of a free path through a pipe that knows no price, through mppx's proxy, through aperture where it has been built,
// and through ours; and paid ones through ours and aperture. The service stands in the proxy's process, the gateway too where there is one, so that the CPU is
// that of all; aperture is no Node program, and its service's process is counted with it.
import { fileURLToPath } from 'node:url'
import { builtNodes } from '../test/full/lnd/buildNodes.ts'
import { startNetwork } from '../test/full/lnd/startNetwork.ts'
import { builtAperture } from '../test/long/aperture/buildAperture.ts'
import { bookRequests } from './load/bookRequests.ts'
import type { PreparedRequest } from './load/preparedRequest.ts'
import { runLoad } from './load/runLoad.ts'
import { startApertureServer } from './servers/apertureServer.ts'
import { type RunningServer, startServer } from './servers/startServer.ts'

const CONNECTIONS = 16
const [WARM_UP, MEASURED] = [1_000, 6_000]

type Candidate = Readonly<{
  title: string
  start: () => Promise<RunningServer>
  requests: (server: RunningServer, count: number) => PreparedRequest[]
}>

const free = (_: RunningServer, count: number): PreparedRequest[] =>
  Array.from({ length: count }, () => ({ method: 'GET', path: '/bench/free', headers: {} }))
const paid = ({ hello }: RunningServer, count: number): PreparedRequest[] => bookRequests('/paid', { apiKey: hello.apiKey!, count })
const shown = ({ hello }: RunningServer, count: number): PreparedRequest[] =>
  Array.from({ length: count }, () => ({ method: 'GET', path: '/paid', headers: { authorization: hello.authorization! } }))

const CANDIDATES: readonly Candidate[] = [
  { title: 'node:http, a pipe that knows no price', start: () => startServer('proxies', ['plain']), requests: free },
  { title: 'mppx/proxy, a free path', start: () => startServer('proxies', ['mppx']), requests: free },
  { title: 'switchyard proxy, a free path', start: () => startServer('proxies', ['ours']), requests: free },
  { title: 'switchyard proxy, paid from a balance', start: () => startServer('switchyard', ['--proxy']), requests: paid },
]

/** Answers the CPU of a request, in microseconds. */
async function measure({ title, start, requests }: Candidate): Promise<number> {
  const server = await start()
  try {
    const load = (count: number) => runLoad({ port: server.port, connections: CONNECTIONS, requests: requests(server, count) })
    await load(WARM_UP)
    const before = await server.cpuUs()
    const { statuses, seconds, p50Ms, p99Ms } = await load(MEASURED)
    if (Object.keys(statuses).join() !== '200') throw new Error(`${title}: not every request was served: ${JSON.stringify(statuses)}`)
    const us = ((await server.cpuUs()) - before) / MEASURED
    console.log(
      `proxy ${title.padEnd(40)} ${`${(MEASURED / seconds).toFixed(0)} requests/s`.padStart(16)}  ${us.toFixed(0).padStart(5)} us CPU/request  p50 ${p50Ms.toFixed(2)} ms  p99 ${p99Ms.toFixed(2)} ms`,
    )
    return us
  } finally {
    await server.stop()
  }
}

/** aperture on a free path and, where LND has been built too, with a token that was paid for. */
async function measureAperture(program: string): Promise<Readonly<{ free: number; shown?: number }>> {
  const onFree = await measure({ title: 'aperture, a free path', start: () => startApertureServer(program), requests: free })
  if (!builtNodes()) {
    console.log('proxy aperture, paid: not measured, LND is not in the cache (npm run test:full builds it)')
    return { free: onFree }
  }
  const network = await startNetwork()
  try {
    const start = () => startApertureServer(program, network)
    return { free: onFree, shown: await measure({ title: 'aperture, a token paid once', start, requests: shown }) }
  } finally {
    await network.close()
  }
}

/** Measures each proxy, one after the other, and prints a line for each, and ours as a part of the others. */
export async function run(): Promise<void> {
  console.log(`proxy ${CONNECTIONS} keep-alive connections, load from its own process`)
  const costs: number[] = []
  for (const candidate of CANDIDATES) costs.push(await measure(candidate))
  const [, mppx, ours, oursPaid] = costs as [number, number, number, number] // One for each candidate.
  console.log(`proxy ours takes ${(ours / mppx).toFixed(2)} of the CPU of mppx/proxy on a free path`)
  const program = builtAperture()
  if (!program) {
    console.log('proxy aperture is not in the cache: not measured (npm run test:long builds it)')
    return
  }
  const aperture = await measureAperture(program)
  console.log(`proxy ours takes ${(ours / aperture.free).toFixed(2)} of the CPU of aperture on a free path`)
  if (aperture.shown === undefined) return
  const part = (oursPaid / aperture.shown).toFixed(2)
  console.log(`proxy ours takes ${part} of it to book a payment for each request, where aperture looks at a token and takes none`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
