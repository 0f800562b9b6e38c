// The chain's process: started by fork with the name of a profile and, for a chain that outlives it, a folder. Tells its parent once when it is ready, and
// ends with it.
import { join } from 'node:path'
import { keepReady, keptReady, samePort } from '../kept.ts'
import { openRecord } from '../record.ts'
import { keepMining } from './blocks.ts'
import { deploy } from './deploy.ts'
import { setL1Prices } from './l1Prices.ts'
import { type LocalRpc, localRpc } from './localRpc.ts'
import { startNetwork } from './network.ts'
import { profileOf } from './profiles.ts'
import type { ChainReady, ChainReadyMessage } from './ready.ts'
import type { ChainRow } from './recorded.ts'

// EDR's timers would hold the process open; there is nothing to save, so it just ends. Installed before the start: a parent that dies
// meanwhile must not leave a chain behind.
process.on('disconnect', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))

type Kept = Readonly<{ ready: ChainReady; block: Readonly<{ number: string; hash: string }> }>

const profile = profileOf(process.argv[2])
const folder = process.argv[3]
const kept = keptReady<Kept>(folder)
const record = folder === undefined ? undefined : openRecord<ChainRow>(join(folder, 'requests.jsonl'))
let wake: (() => void) | undefined
const { rpcUrl } = await startNetwork(profile, {
  ...(record ? { record } : {}),
  port: await samePort(kept?.ready.rpcUrl),
  onSent: () => wake?.(),
})
const rpc = localRpc(rpcUrl)
const ready = kept ? { ...kept.ready, rpcUrl } : await begin(rpc)
if (kept) await checkSame(rpc, kept)
wake = keepMining(rpc).wake
keepReady(folder, { ready, block: kept?.block ?? (await blockAt(rpc, 'latest')) } satisfies Kept)
const message: ChainReadyMessage = { ready }
if (process.send) process.send(message)
else console.log(JSON.stringify(message))

async function begin(rpc: LocalRpc): Promise<ChainReady> {
  if (profile.rollup) await setL1Prices(rpc, profile.rollup)
  const deployed = await deploy(rpcUrl, profile)
  await rpc('evm_mine', [])
  return deployed
}

/** Another version of the chain's program could make other blocks of the same requests: no gateway would find its payments there. */
async function checkSame(rpc: LocalRpc, { block }: Kept): Promise<void> {
  if ((await blockAt(rpc, block.number)).hash === block.hash) return
  throw new Error(`the chain in ${folder} was made by another version of this program: take a new folder`)
}

async function blockAt(rpc: LocalRpc, which: string): Promise<Kept['block']> {
  // A node's own answer, in its standard shape.
  const { number, hash } = (await rpc('eth_getBlockByNumber', [which, false])) as Kept['block']
  return { number, hash }
}
