// Three times the load that can be borne, from one party's key: what is taken on is served as fast as without load, the rest is refused at the door, and
// all that was acknowledged is in the books.
import { fileURLToPath } from 'node:url'
import { bookRequests } from './load/bookRequests.ts'
import { runLoad } from './load/runLoad.ts'
import { type RunningServer, startServer } from './servers/startServer.ts'

const SECONDS = 20
/** So many may wait for an answer at once. */
const CONNECTIONS = 1_024
/** With so many at once the server does the most that it can. */
const CONNECTIONS_AT_MOST_WORK = 64
const WARM_UP = 10_000
/** What one request costs, in units of the balance's asset. */
const PRICE_UNITS = 2_000n

export async function run(): Promise<void> {
  for (const args of [[], ['--guarded']]) {
    const server = await startServer('switchyard', args)
    try {
      await measure(server, args.length > 0 ? 'with the guard' : 'without the guard')
    } finally {
      await server.stop()
    }
  }
}

async function measure(server: RunningServer, title: string): Promise<void> {
  let acknowledged = 0n
  const load = async (o: { connections: number; count: number; perSecond?: number }) => {
    const requests = bookRequests('/paid', { apiKey: server.hello.apiKey!, count: o.count })
    const pace = o.perSecond === undefined ? {} : { perSecond: o.perSecond }
    const figures = await runLoad({ port: server.port, connections: o.connections, requests, ...pace })
    acknowledged += BigInt(figures.statuses[200] ?? 0)
    return figures
  }
  await load({ connections: CONNECTIONS_AT_MOST_WORK, count: WARM_UP })
  const full = await load({ connections: CONNECTIONS_AT_MOST_WORK, count: WARM_UP })
  const bearable = WARM_UP / full.seconds
  const paced = (times: number) => ({
    connections: CONNECTIONS,
    count: Math.round(bearable * times * SECONDS),
    perSecond: bearable * times,
  })
  const light = await load(paced(0.3))
  const heavy = await load(paced(3))
  const taken = BigInt(((await (await fetch(`${server.base}/taken`)).json()) as { units: string }).units) / PRICE_UNITS
  const times = (ms: number) => `${ms.toFixed(1)} ms (${(ms / light.okLaterP99Ms).toFixed(2)}x)`
  console.log(`overload, ${title}: ${Math.round(bearable)}/s can be borne`)
  console.log(`  at 0.3x  p99 ${light.okLaterP99Ms.toFixed(1)} ms, ${JSON.stringify(light.statuses)}`)
  console.log(
    `  at 3x    p99 of what was taken ${times(heavy.okLaterP99Ms)}, with the first second ${times(heavy.okP99Ms)}, ${JSON.stringify(heavy.statuses)}`,
  )
  console.log(`  acknowledged ${acknowledged}, in the books ${taken}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
