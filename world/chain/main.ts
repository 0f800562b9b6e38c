// The chain's process: started by fork with the name of a profile, tells its parent once when it is ready, and ends with it.
import { keepMining } from './blocks.ts'
import { deploy } from './deploy.ts'
import { setL1Prices } from './l1Prices.ts'
import { localRpc } from './localRpc.ts'
import { startNetwork } from './network.ts'
import { profileOf } from './profiles.ts'
import type { ChainReadyMessage } from './ready.ts'

// EDR's timers would hold the process open; there is nothing to save, so it just ends. Installed before the start: a parent that dies
// meanwhile must not leave a chain behind.
process.on('disconnect', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))

const profile = profileOf(process.argv[2])
const { rpcUrl } = await startNetwork(profile)
const rpc = localRpc(rpcUrl)
if (profile.rollup) await setL1Prices(rpc, profile.rollup)
const { mine } = keepMining(rpc, profile.baseFeeWei)
const message: ChainReadyMessage = { ready: await deploy(rpcUrl, profile) }
// Whoever asks for the price first is told the profile's.
await mine()
if (process.send) process.send(message)
else console.log(JSON.stringify(message))
