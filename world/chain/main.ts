// The chain's process: started by fork, tells its parent once when it is ready, and ends with it.
import { deploy } from './deploy.ts'
import { startNetwork } from './network.ts'
import type { ChainReadyMessage } from './ready.ts'

// EDR's timers would hold the process open; there is nothing to save, so it just ends. Installed before the start: a parent that dies
// meanwhile must not leave a chain behind.
process.on('disconnect', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))

const { rpcUrl } = await startNetwork()
const message: ChainReadyMessage = { ready: await deploy(rpcUrl) }
if (process.send) process.send(message)
else console.log(JSON.stringify(message))
