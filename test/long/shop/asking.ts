import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Yard } from '../../e2e/yard.ts'
import { persist, read } from '../traffic.ts'
import { nameOfSeller, RUNS, type SellerName } from './sellers.ts'

/** What a customer hears at most of an answer before it asks again. */
const ANSWER_MS = 60_000
const PARTIES_MAX = 200
/** One request is in the middle of its work at so many kills at most. */
const DEATHS_MAX = 20

export const shopUrl = (yard: Yard, kind: SellerName, n: string, use?: string): string =>
  `${yard.url()}/shop/${kind}?n=${n}${use === undefined ? '' : `&use=${use}`}`

/** `fetch` of a network that is never down: the same request again until there is a whole answer. Streams come as they come. */
export const patientFetch = (async (input: RequestInfo | URL, init?: RequestInit) => {
  const request = new Request(input, init)
  return persist(`an answer of ${request.url}`, async () => {
    const response = await fetch(request.clone(), { signal: AbortSignal.timeout(ANSWER_MS) })
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) return response
    const body = await response.arrayBuffer()
    const again =
      response.status === 503 || response.status === 429 || (response.status === 409 && textOf(body).includes('request_in_progress'))
    return again ? undefined : new Response(body, response)
  })
}) as typeof fetch

const textOf = (body: ArrayBuffer): string => Buffer.from(body).toString()

export type Served = { kind: string; n: string; run: string }

/** One request that is served once, by its answer: under a new name where the gateway says that it died in the middle of the work. `ask` is given the name. */
export async function servedOnce(what: string, ask: (name: string) => Promise<Response>): Promise<{ name: string; served: Served }> {
  let text = ''
  for (let deaths = 0; deaths < DEATHS_MAX; deaths++) {
    const name = crypto.randomUUID()
    const response = await ask(name)
    text = await response.text()
    if (response.status === 200) return { name, served: JSON.parse(text) as Served }
    if (response.status !== 409 || !text.includes('request_interrupted')) break
  }
  throw new Error(`${what}: ${text}`)
}

/** What a seller of the shop has, by its name. */
export async function earnedUnits(yard: Yard, name: SellerName): Promise<bigint> {
  type Parties = { data: { name: string; balances: { code: string; available: string }[] }[] }
  const { data } = await read<Parties>(yard, `/v1/parties?limit=${PARTIES_MAX}`)
  const balances = data.find((party) => party.name === nameOfSeller(name))!.balances
  const [whole, fraction = ''] = (balances.find(({ code }) => code === 'USDC')?.available ?? '0').split('.')
  return BigInt(whole! + fraction.padEnd(6, '0'))
}

/** How often the handlers of a seller ran, by the request. */
export function runsOf(yard: Yard, name: SellerName): Map<string, number> {
  const runs = new Map<string, number>()
  for (const line of readFileSync(join(yard.dataDir, RUNS), 'utf8').split('\n')) {
    const [kind, n] = line.split(' ')
    if (kind === name && n) runs.set(n, (runs.get(n) ?? 0) + 1)
  }
  return runs
}
