// Authorizations of x402 payers collected on a local chain: one by one as on a chain without the contract for batches, together, and at a thousand a second
// onto blocks of two seconds.
import { createRequire } from 'node:module'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { hashTypedData, hexToBytes } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { deterministicAddress } from '../adapters/evm/deployment/deterministicDeployer.ts'
import type { EvmRail } from '../adapters/evm/railFaces.ts'
import { uuidIds } from '../app/open/uuidIds.ts'
import { AuthorizationBatch } from '../contracts/abi/AuthorizationBatch.ts'
import { TestUSDC } from '../contracts/abi/TestUSDC.ts'
import { TRANSFER_FIELDS } from '../gateway/client/signer/transferTypedData.ts'
import { createBooks } from '../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../gateway/ledger/books/memoryJournal.ts'
import { createCollections } from '../gateway/payins/claim/collections.ts'
import { claimedRequest, type PaidRequest } from '../gateway/payins/claim/paidRequest.ts'
import type { Hex } from '../gateway/ports/ids.ts'
import { evmRail } from '../gateway/ports/railName.ts'
import type { Authorization } from '../gateway/ports/receiver.ts'
import { startAnvil } from '../test/evm/anvilChain.ts'
import { rpc } from '../test/evm/chainProcess.ts'
import { random32, walletOf } from '../test/evm/payer.ts'
import { openRail, temporaryFile } from '../test/evm/railOnChain.ts'
import type { ChainReady } from '../world/chain/ready.ts'
import { payerKey } from './load/signX402.ts'

/** What we use of the package, which brings no types. */
type Signer = { ecdsaSign(digest: Uint8Array, key: Uint8Array): { signature: Uint8Array; recid: number } }
const secp256k1: Signer = createRequire(import.meta.url)('secp256k1')

const [PAYERS, SELLERS, VALUE] = [200, 50, 2_000n]
const [ALONE, TOGETHER, PACED_PER_SECOND, PACED_SECONDS] = [200, 5_000, 1_000, 12]
const BLOCK_SECONDS = 2
/** As Base has it. */
const BLOCK_GAS = '400000000'
const LOOK_MS = 500
const SIGNED_IN_ONE_TURN = 50
/** Everything must be settled so long after it was brought. */
const PATIENCE_MS = 120_000

type Bench = Readonly<{ chain: ChainReady; sign: (count: number) => Promise<Authorization[]> }>

export async function run(): Promise<void> {
  const chain = await startAnvil(['--gas-limit', BLOCK_GAS])
  try {
    const bench: Bench = { chain, sign: signer(chain, await fundedPayers(chain)) }
    const contract = deterministicAddress(AuthorizationBatch.bytecode)
    const code = await chain.call('eth_getCode', [contract, 'latest'])
    await chain.call('anvil_setCode', [contract, '0x'])
    await atOnce(bench, 'one by one, all at once:', ALONE)
    await chain.call('anvil_setCode', [contract, code])
    await atOnce(bench, 'together, all at once:  ', TOGETHER)
    await chain.call('evm_setAutomine', [false])
    await chain.call('evm_setIntervalMining', [BLOCK_SECONDS])
    await paced(bench)
  } finally {
    await chain.stop()
  }
}

/** As fast as they are taken. */
async function atOnce({ chain, sign }: Bench, title: string, count: number): Promise<void> {
  const list = await sign(count)
  const desk = await openDesk(chain)
  try {
    const [cpu, start, first] = [process.cpuUsage(), performance.now(), await desk.transactions()]
    for (const one of list) desk.bring(one)
    await desk.settled(count)
    const seconds = (performance.now() - start) / 1_000
    console.log(`collections  ${title} ${(count / seconds).toFixed(0)}/s, ${await costs(desk, { cpu, count, first })}`)
  } finally {
    await desk.close()
  }
}

/** At an even pace onto blocks of two seconds: what waits, as it goes. */
async function paced({ chain, sign }: Bench): Promise<void> {
  const count = PACED_PER_SECOND * PACED_SECONDS
  const list = await sign(count)
  const desk = await openDesk(chain)
  try {
    const [cpu, start, first] = [process.cpuUsage(), performance.now(), await desk.transactions()]
    const waiting: number[] = []
    const looks = setInterval(() => waiting.push(desk.pending()), LOOK_MS)
    for (let brought = 0; brought < count; await pause(10)) {
      const due = Math.min(count, Math.trunc(((performance.now() - start) / 1_000) * PACED_PER_SECOND))
      while (brought < due) desk.bring(list[brought++]!)
    }
    const seconds = (performance.now() - start) / 1_000
    clearInterval(looks)
    await desk.settled(count)
    const all = (performance.now() - start) / 1_000
    const highest = (from: number, to: number) => Math.max(...waiting.slice(waiting.length * from, waiting.length * to))
    console.log(
      `collections  ${PACED_PER_SECOND}/s for ${seconds.toFixed(1)} s onto blocks of ${BLOCK_SECONDS} s: unsettled at most ${highest(0, 1 / 3)}, ${highest(1 / 3, 2 / 3)}, ` +
        `${highest(2 / 3, 1)} in each third, none ${(all - seconds).toFixed(1)} s after the last; ${await costs(desk, { cpu, count, first })}`,
    )
  } finally {
    await desk.close()
  }
}

type Desk = Awaited<ReturnType<typeof openDesk>>

async function costs(desk: Desk, { cpu, count, first }: { cpu: NodeJS.CpuUsage; count: number; first: number }): Promise<string> {
  const { user, system } = process.cpuUsage(cpu)
  const rows = count / ((await desk.transactions()) - first)
  return `${rows.toFixed(0)} in a transaction, ${((user + system) / 1_000 / count).toFixed(2)} ms CPU each`
}

/** The gateway's queue of collections before the rail, as a paid request hands its authorization over. */
async function openDesk(chain: ChainReady) {
  const data = temporaryFile()
  const rail: EvmRail = await openRail(chain, data.file, { pollMs: 200 })
  const clock = { now: Date.now }
  const books = createBooks({ journal: memoryJournal(), clock })
  const ids = uuidIds(clock)
  const claims = new Map<string, Readonly<{ request: PaidRequest; authorization: Authorization }>>()
  const records = {
    byClaim: (claimKey: string) => claims.get(claimKey)?.request,
    authorization: (claimKey: string) => claims.get(claimKey)?.authorization,
    headOf: () => undefined,
  }
  const log = (line: string) => console.log(line)
  const collections = createCollections({ books, records, collectorOf: () => rail, clock, ids, log })
  return {
    bring(authorization: Authorization): void {
      const { chainId, nonce, from, value } = authorization
      const [claimKey, rail] = [`evm:${chainId}:${nonce}`, evmRail(chainId)]
      const data = { claimKey, fingerprint: '', rail, payer: from, units: value.toString(), entry: ids.entry() }
      const request = claimedRequest({ type: 'request.claimed', id: ids.receipt(), at: clock.now(), data }, 0)
      claims.set(claimKey, { request, authorization })
      collections.enqueue(claimKey)
    },
    pending: collections.pending,
    async settled(count: number): Promise<void> {
      const until = performance.now() + PATIENCE_MS
      while (collections.pending() > 0 && performance.now() < until) await pause(20)
      const ends = await Promise.all([...claims.values()].map(({ request }) => rail.lookupCollection(request.receipt)))
      const done = ends.filter(({ kind }) => kind === 'settled').length
      if (done !== count) throw new Error(`${done} of ${count} collections are settled`)
    },
    transactions: async () => Number(await rpc(chain.rpcUrl, 'eth_getTransactionCount', [rail.operator, 'latest'])),
    async close(): Promise<void> {
      collections.close()
      await rail.close()
      data.remove()
    },
  }
}

async function fundedPayers(chain: ChainReady): Promise<readonly Readonly<{ key: Uint8Array; address: Hex }>[]> {
  const payers = Array.from({ length: PAYERS }, (_, i) => payerKey(i)).map((key) => ({
    key: hexToBytes(key),
    address: privateKeyToAddress(key),
  }))
  const mint = { address: chain.token, abi: TestUSDC.abi, functionName: 'mint', gas: 100_000n } as const
  for (const { address } of payers) await walletOf(chain, 0).writeContract({ ...mint, args: [address, 10n ** 12n] })
  return payers
}

/** Signs transfers to sellers in turn, as x402 clients do. */
function signer(chain: ChainReady, payers: Awaited<ReturnType<typeof fundedPayers>>): Bench['sign'] {
  const domain = { name: chain.tokenName, version: chain.tokenVersion, chainId: chain.chainId, verifyingContract: chain.token }
  const sellers = Array.from({ length: SELLERS }, (): Hex => `0x${random32().slice(2, 42)}`)
  const signOne = (i: number): Authorization => {
    const { key, address: from } = payers[i % PAYERS]!
    const validBefore = BigInt(Math.trunc(Date.now() / 1_000) + 3_600)
    const message = { from, to: sellers[i % SELLERS]!, value: VALUE, validAfter: 0n, validBefore, nonce: random32() }
    const primaryType = 'TransferWithAuthorization'
    const digest = hashTypedData({ domain, types: { [primaryType]: TRANSFER_FIELDS }, primaryType, message })
    const { signature, recid } = secp256k1.ecdsaSign(hexToBytes(digest), key)
    const hex: Hex = `0x${Buffer.from(signature).toString('hex')}${(27 + recid).toString(16)}`
    return { kind: 'transfer', chainId: chain.chainId, token: chain.token, ...message, signature: hex }
  }
  return async (count) => {
    const list: Authorization[] = []
    while (list.length < count) {
      list.push(signOne(list.length))
      // A loop that stands still for seconds would not notice that the chain closed a connection.
      if (list.length % SIGNED_IN_ONE_TURN === 0) await pause(0)
    }
    return list
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
