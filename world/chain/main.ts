// The process of chains: started by fork with the names of their profiles, between commas, and, for chains that outlive it, a folder that has one for each.
// Tells its parent once, when all are ready, and ends with it. One process, because each would first read and compile the same program again.
import { join } from 'node:path'
import { keepReady, keptReady, samePort } from '../kept.ts'
import { openRecord } from '../record.ts'
import { keepMining } from './blocks.ts'
import { deploy } from './deploy.ts'
import { setL1Prices } from './l1Prices.ts'
import { type LocalRpc, localRpc } from './localRpc.ts'
import { startNetwork } from './network.ts'
import { type ChainProfile, profileOf } from './profiles.ts'
import type { ChainReady, ChainReadyMessage } from './ready.ts'
import type { ChainRow } from './recorded.ts'

// EDR's timers would hold the process open; there is nothing to save, so it just ends. Installed before the start: a parent that dies
// meanwhile must not leave a chain behind.
process.on('disconnect', () => process.exit(0))
// Without this one, Ctrl-C would end it before Node has kept what it compiled.
process.on('SIGINT', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))

type Kept = Readonly<{ ready: ChainReady; block: Readonly<{ number: string; hash: string }> }>

const [names = 'mainChain', folder] = process.argv.slice(2)
const message: ChainReadyMessage = { ready: await Promise.all(names.split(',').map((name) => open(name, folder && join(folder, name)))) }
if (process.send) process.send(message)
else console.log(JSON.stringify(message))

async function open(name: string, place: string | undefined): Promise<ChainReady> {
  const profile = profileOf(name)
  const kept = keptReady<Kept>(place)
  const record = place === undefined ? undefined : openRecord<ChainRow>(join(place, 'requests.jsonl'))
  let wake: (() => void) | undefined
  const { rpcUrl } = await startNetwork(profile, {
    ...(record ? { record } : {}),
    port: await samePort(kept?.ready.rpcUrl),
    onSent: () => wake?.(),
  })
  const rpc = localRpc(rpcUrl)
  const ready = kept ? { ...kept.ready, rpcUrl } : await begin(rpc, rpcUrl, profile)
  if (kept) await checkSame(rpc, kept, place)
  wake = keepMining(rpc).wake
  keepReady(place, { ready, block: kept?.block ?? (await blockAt(rpc, 'latest')) } satisfies Kept)
  return ready
}

async function begin(rpc: LocalRpc, rpcUrl: string, profile: ChainProfile): Promise<ChainReady> {
  if (profile.rollup) await setL1Prices(rpc, profile.rollup)
  const deployed = await deploy(rpcUrl, profile)
  await rpc('evm_mine', [])
  return deployed
}

/** Another version of the chain's program could make other blocks of the same requests: no gateway would find its payments there. */
async function checkSame(rpc: LocalRpc, { block }: Kept, place: string | undefined): Promise<void> {
  if ((await blockAt(rpc, block.number)).hash === block.hash) return
  throw new Error(`the chain in ${place} was made by another version of this program: take a new folder`)
}

async function blockAt(rpc: LocalRpc, which: string): Promise<Kept['block']> {
  // A node's own answer, in its standard shape.
  const { number, hash } = (await rpc('eth_getBlockByNumber', [which, false])) as Kept['block']
  return { number, hash }
}
