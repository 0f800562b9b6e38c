// What a proxy costs that can sell: requests of a free path through a pipe that knows no price, through mppx's proxy and through ours, and paid ones through
// ours. The service stands in the proxy's process, the gateway too where there is one, so that the CPU is that of all.
import { fileURLToPath } from 'node:url'
import { bookRequests } from './load/bookRequests.ts'
import type { PreparedRequest } from './load/preparedRequest.ts'
import { runLoad } from './load/runLoad.ts'
import { type RunningServer, startServer } from './servers/startServer.ts'

const CONNECTIONS = 16
const [WARM_UP, MEASURED] = [1_000, 6_000]

type Candidate = Readonly<{
  title: string
  server: string
  args: readonly string[]
  requests: (server: RunningServer, count: number) => PreparedRequest[]
}>

const free = (_: RunningServer, count: number): PreparedRequest[] =>
  Array.from({ length: count }, () => ({ method: 'GET', path: '/bench/free', headers: {} }))
const paid = ({ hello }: RunningServer, count: number): PreparedRequest[] => bookRequests('/paid', { apiKey: hello.apiKey!, count })

const CANDIDATES: readonly Candidate[] = [
  { title: 'node:http, a pipe that knows no price', server: 'proxies', args: ['plain'], requests: free },
  { title: 'mppx/proxy, a free path', server: 'proxies', args: ['mppx'], requests: free },
  { title: 'switchyard proxy, a free path', server: 'proxies', args: ['ours'], requests: free },
  { title: 'switchyard proxy, paid from a balance', server: 'switchyard', args: ['--proxy'], requests: paid },
]

async function measure({ title, server: name, args, requests }: Candidate): Promise<void> {
  const server = await startServer(name, args)
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
  } finally {
    await server.stop()
  }
}

/** Measures each proxy, one after the other, and prints a line for each. */
export async function run(): Promise<void> {
  console.log(`proxy ${CONNECTIONS} keep-alive connections, load from its own process`)
  for (const candidate of CANDIDATES) await measure(candidate)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
