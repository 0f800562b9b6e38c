import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { LocalWorld } from '../../gateway/ports/localWorld.ts'
import { accountsAnswer, blockAnswer, rpcAnswer } from './wire.ts'

const MS_PER_S = 1_000
/** A bank that ends the days of a year writes as many statements. */
const DEADLINE_MS = 60_000

/** Where the parts of the world are reached: the nodes of its chains, and the control doors of its Lightning network and its bank. */
type Places = Readonly<{
  rpcUrls: readonly string[]
  lightningUrl: string | undefined
  bankUrl: string | undefined
  ownIban: string | undefined
}>

/** Moves the parts that there are. */
export function openLocalWorld({ rpcUrls, lightningUrl, bankUrl, ownIban }: Places): LocalWorld {
  return {
    async moveTo(at) {
      const doors = [lightningUrl, bankUrl].filter((url) => url !== undefined)
      await Promise.all([
        ...rpcUrls.map((url) => moveChain(url, Math.trunc(at / MS_PER_S))),
        ...doors.map((url) => post(`${url}/clock`, { at: new Date(at).toISOString() })),
      ])
    },
    async payInvoice(invoice) {
      await post(`${there(lightningUrl, 'Lightning network')}/pay`, { invoice })
    },
    async transfer({ amount, remittance }) {
      const bank = there(bankUrl, 'bank')
      const { accounts } = accountsAnswer.parse(await ask(`${bank}/accounts`, {}))
      const customer = accounts.find(({ iban }) => iban !== undefined && iban !== ownIban)?.id
      await post(`${bank}/transfers`, { customer, amount, remittance })
    },
  }
}

function there(url: string | undefined, part: string): string {
  if (url === undefined) throw new GatewayError('rail_unavailable', `This local network has no ${part} of its own`)
  return url
}

/** Its next block is of this second, and all later ones follow it. */
async function moveChain(url: string, seconds: number): Promise<void> {
  if ((await newestBlockS(url)) >= seconds) return
  try {
    await rpc(url, 'evm_mine', [`0x${seconds.toString(16)}`])
  } catch (error) {
    // Another call may have moved it meanwhile.
    if ((await newestBlockS(url)) < seconds) throw error
  }
}

async function newestBlockS(url: string): Promise<number> {
  const { timestamp } = blockAnswer.parse(await rpc(url, 'eth_getBlockByNumber', ['latest', false]))
  return Number.parseInt(timestamp, 16)
}

async function rpc(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const { result, error } = rpcAnswer.parse(await post(url, { jsonrpc: '2.0', id: 1, method, params }))
  if (error) throw new GatewayError('rail_unavailable', `The chain at ${url} refuses ${method}: ${error.message}`)
  return result
}

function post(url: string, body: object): Promise<unknown> {
  return ask(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
}

async function ask(url: string, init: RequestInit): Promise<unknown> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) })
    const text = await response.text()
    if (!response.ok) throw new Error(`it answered ${response.status}: ${text.slice(0, 200)}`)
    return JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'no reason'
    throw new GatewayError('rail_unavailable', `The local world at ${url} did not come along: ${why}`, { cause })
  }
}
