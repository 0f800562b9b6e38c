import { ADDRESS_NAME, addressRoutes } from './addressRoutes.ts'
import { chainRoutes } from './chainRoutes.ts'
import { controlRoutes } from './controlRoutes.ts'
import { jsonServer } from './jsonServer.ts'
import type { LightningReady } from './ready.ts'
import { startWorldNodes } from './worldNodes.ts'

/** A block a second while anything waits to be mined. */
const BLOCK_MS = 1_000

process.on('disconnect', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))

const nodes = await startWorldNodes()
setInterval(() => {
  if (nodes.chain.waiting() > 0) nodes.chain.mine(1)
}, BLOCK_MS)
let walletUrl = ''
const [chain, control, wallet] = await Promise.all([
  jsonServer(chainRoutes(nodes.chain)),
  jsonServer(controlRoutes(nodes)),
  jsonServer(addressRoutes(nodes, () => walletUrl)),
])
walletUrl = wallet.url
const ready: LightningReady = {
  controlUrl: control.url,
  chainUrl: chain.url,
  router: { nodeId: nodes.router.nodeId, host: '127.0.0.1', port: nodes.routerPort },
  customer: { nodeId: nodes.customer.nodeId, address: `${ADDRESS_NAME}@${new URL(wallet.url).host}` },
}
process.send?.({ ready })
