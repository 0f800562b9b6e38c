// The Lightning network's process: started by fork, with a folder for a network that outlives it. Tells its parent once when it is ready.
import { randomBytes } from 'node:crypto'
import { keepReady, keptReady, samePort } from '../kept.ts'
import { ADDRESS_NAME, addressRoutes } from './addressRoutes.ts'
import { chainRoutes } from './chainRoutes.ts'
import { controlRoutes } from './controlRoutes.ts'
import { endHeld } from './heldInvoices.ts'
import { jsonServer } from './jsonServer.ts'
import type { LightningReady } from './ready.ts'
import { startWorldNodes } from './worldNodes.ts'

/** A block a second while anything waits to be mined. */
const BLOCK_MS = 1_000
/** How often somebody looks whether a payment has waited for its time. */
const LOOK_MS = 500

process.on('disconnect', () => process.exit(0))
// Without this one, Ctrl-C would end it before Node has kept what it compiled.
process.on('SIGINT', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))

type Kept = Readonly<{ ready: LightningReady; faucetKey: string }>

const folder = process.argv[2]
const kept = keptReady<Kept>(folder)
const faucetKey = kept ? Buffer.from(kept.faucetKey, 'hex') : randomBytes(32)
const portOf = (address: string | undefined) => samePort(address === undefined ? undefined : `http://${address}`)
const routerPort = await portOf(kept && `127.0.0.1:${kept.ready.router.port}`)
const nodes = await startWorldNodes(folder === undefined ? undefined : { folder, faucetKey, routerPort })
setInterval(() => {
  if (nodes.chain.waiting() > 0) nodes.chain.mine(1)
}, BLOCK_MS)
setInterval(() => endHeld(nodes.customer), LOOK_MS)
let walletUrl = ''
const [chain, control, wallet] = await Promise.all([
  jsonServer(chainRoutes(nodes.chain), await samePort(kept?.ready.chainUrl)),
  jsonServer(controlRoutes(nodes), await samePort(kept?.ready.controlUrl)),
  jsonServer(
    addressRoutes(nodes, () => walletUrl),
    await portOf(kept?.ready.customer.address.split('@')[1]),
  ),
])
walletUrl = wallet.url
const ready: LightningReady = {
  controlUrl: control.url,
  chainUrl: chain.url,
  router: { nodeId: nodes.router.nodeId, host: '127.0.0.1', port: nodes.routerPort },
  customer: { nodeId: nodes.customer.nodeId, address: `${ADDRESS_NAME}@${new URL(wallet.url).host}` },
}
keepReady(folder, { ready, faucetKey: faucetKey.toString('hex') } satisfies Kept)
process.send?.({ ready })
