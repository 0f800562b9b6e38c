// Calls of a facilitator per second: the same load, signed beforehand, against the reference's facilitator and ours. Settlement is stubbed in both.
import { fileURLToPath } from 'node:url'
import { type Hex, hexToBytes } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { PreparedRequest } from './load/preparedRequest.ts'
import { runLoad } from './load/runLoad.ts'
import { payerKey, signTransfer } from './load/signX402.ts'
import { type RunningServer, startServer } from './servers/startServer.ts'

const CONNECTIONS = 16
const PAYERS = 16
const PAY_TO: Hex = '0x5e11e75e11e75e11e75e11e75e11e75e11e75e11'

/** Both are warmed up for about as long: V8 goes on compiling for some seconds. */
type Candidate = Readonly<{ title: string; args: readonly string[]; warmUp: number; measured: number }>

const REFERENCE: Candidate = { title: '@x402/evm 2.27 facilitator', args: ['--reference'], warmUp: 2_000, measured: 1_000 }
const OURS: Candidate = { title: 'switchyard, fee held and claim durable', args: [], warmUp: 8_000, measured: 5_000 }

/** So many calls of one path, each with a payment of its own. */
function calls({ hello }: RunningServer, path: string, count: number): PreparedRequest[] {
  const terms = {
    scheme: 'exact',
    network: hello.network!,
    amount: '2000',
    asset: hello.token as Hex, // The server's own.
    payTo: PAY_TO,
    maxTimeoutSeconds: 3_600,
    extra: { name: 'USD Coin', version: '2' },
  }
  const payers = Array.from({ length: PAYERS }, (_, n) => ({
    key: hexToBytes(payerKey(n)),
    address: privateKeyToAccount(payerKey(n)).address,
  }))
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${hello.apiKey}` }
  return Array.from({ length: count }, (_, n) => {
    const { key, address } = payers[n % PAYERS]!
    const paymentPayload = { x402Version: 2, accepted: terms, payload: signTransfer(terms, address, key) }
    return { method: 'POST', path, headers, body: JSON.stringify({ x402Version: 2, paymentPayload, paymentRequirements: terms }) }
  })
}

/** A server that says yes to everything would be fast, and so would one that says no: neither is measured. */
async function expectJudged({ base, hello }: RunningServer, body: string, path: string, { good }: { good: boolean }): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${hello.apiKey}` }
  const answer = await fetch(`${base}${path}`, { method: 'POST', headers, body })
  const { isValid, success } = (await answer.json()) as { isValid?: boolean; success?: boolean }
  if ((isValid ?? success) !== good) throw new Error(`${path} answered ${answer.status} for a payment that is ${good ? 'good' : 'forged'}`)
}

/** Calls per CPU second of the server. */
async function measure({ title, args, warmUp, measured }: Candidate, path: string): Promise<number> {
  const server = await startServer('facilitator', args)
  try {
    const [probe, forged, ...requests] = calls(server, path, warmUp + measured + 2)
    await expectJudged(server, probe!.body!, path, { good: true })
    await expectJudged(server, forged!.body!.replace(/"nonce":"0x.{8}/, '"nonce":"0x11111111'), path, { good: false })
    const load = (part: readonly PreparedRequest[]) => runLoad({ port: server.port, connections: CONNECTIONS, requests: part })
    await load(requests.slice(0, warmUp))
    const cpuBefore = await server.cpuUs()
    const { statuses, seconds, p50Ms, p99Ms } = await load(requests.slice(warmUp))
    const cpuUs = (await server.cpuUs()) - cpuBefore
    if (statuses[200] !== measured) throw new Error(`${title}: not every call was answered 200: ${JSON.stringify(statuses)}`)
    const perCpuSecond = measured / (cpuUs / 1e6)
    const rate = `${(measured / seconds).toFixed(0)} calls/s`
    console.log(
      `facil ${path.padEnd(13)} ${title.padEnd(40)} ${rate.padStart(13)}  ${perCpuSecond.toFixed(0)} per CPU s  p50 ${p50Ms.toFixed(2)} ms  p99 ${p99Ms.toFixed(2)} ms`,
    )
    return perCpuSecond
  } finally {
    await server.stop()
  }
}

/** Both calls of both, one after the other, then ours as a multiple of the reference. */
export async function run(): Promise<void> {
  for (const path of ['/x402/verify', '/x402/settle']) {
    const theirs = await measure(REFERENCE, path)
    const ours = await measure(OURS, path)
    console.log(`facil ${path.padEnd(13)} ${(ours / theirs).toFixed(1)} times the reference per CPU second`)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
