import { fileURLToPath } from 'node:url'
import { CreateAccountStatus, CreateTransferStatus } from 'tigerbeetle-node'
import { openTigerBeetle } from '../adapters/ledger/tigerbeetle/openTigerBeetle.ts'
import type { Client } from '../adapters/ledger/tigerbeetle/wire.ts'
import type { TransferInit } from '../gateway/ports/ledger.ts'

const ENTRIES = 100_000
const LEGS = 4
const IN_FLIGHT = 64

/**
 * Prints what the TigerBeetle adapter costs an entry of four legs, beside the same transfers handed to the client's place at once. The client is a
 * stand-in that answers `created` from memory: the figure is the adapter's own part, and no server's.
 */
export async function run(): Promise<void> {
  let requests = 0
  const answering = (): Client => ({
    ...unused,
    async createTransfers(batch) {
      requests += 1
      return batch.map(created)
    },
    destroy: () => undefined,
  })
  const load = async () => ({ createClient: answering, CreateAccountStatus, CreateTransferStatus })
  const engine = await openTigerBeetle({ clusterId: 0n, addresses: ['3000'], load })
  const submit = (n: number) => engine.createTransfers(entry(n))
  await inFlight(ENTRIES / 10, submit)
  requests = 0
  const ours = await cpuUs(() => inFlight(ENTRIES, submit))
  const bare = await cpuUs(() => inFlight(ENTRIES, async (n) => entry(n).map(created)))
  await engine.close()
  console.log(
    `tigerBeetleAdapter  4-leg entries, ${IN_FLIGHT} in flight: ${((ours - bare) / ENTRIES).toFixed(1)} us CPU each in the adapter ` +
      `(${(ours / ENTRIES).toFixed(1)} with the test's own ${(bare / ENTRIES).toFixed(1)}), ${((ENTRIES * LEGS) / requests).toFixed(0)} transfers a request; client is a stand-in`,
  )
}

function created() {
  return { status: CreateTransferStatus.created, timestamp: 1n }
}

const refuse = (): never => {
  throw new Error('the measurement does not call this')
}
const unused = {
  createAccounts: refuse,
  lookupAccounts: refuse,
  lookupTransfers: refuse,
  getAccountTransfers: refuse,
  getAccountBalances: refuse,
  queryAccounts: refuse,
  queryTransfers: refuse,
}

function entry(n: number): TransferInit[] {
  const base = BigInt(n) << 8n
  return Array.from({ length: LEGS }, (_, leg) => ({
    id: base + BigInt(leg + 1),
    debitAccountId: 1n,
    creditAccountId: BigInt(leg + 2),
    amount: 100n,
    ledger: 1,
    code: 1,
    userData128: base,
    userData64: 7n,
    flags: leg < LEGS - 1 ? 1 : 0,
  }))
}

async function inFlight(count: number, submit: (n: number) => Promise<unknown>): Promise<void> {
  let started = 0
  async function caller(): Promise<void> {
    while (started < count) await submit(++started)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller))
}

async function cpuUs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
