import type { AddressInfo } from 'node:net'
import { addApi, newApp } from '../../gateway/api/app.ts'
import type { GatewayConfig } from '../config/config.ts'
import { type OpenOptions, openGateway } from '../openGateway.ts'
import { addDemoRoute } from './demoRoute.ts'
import { letGo } from './letGo.ts'
import { checkFree, listenAt } from './listen.ts'

/** A gateway that listens. `demo` is the split that the demo route pays, when there is one. */
type Server = Readonly<{ url: string; demo: { path: string; split: string } | undefined; close: () => Promise<void> }>

/** Opens the gateway, then listens: nothing is accepted before the journal is replayed and every open attempt is looked up. */
export async function serve(config: GatewayConfig, options: OpenOptions = {}): Promise<Server> {
  const place = { host: config.host, port: config.port }
  // Nothing is taken up by a gateway that nobody could reach.
  await checkFree(place)
  const gateway = await openGateway(config, options)
  const app = newApp({ publicUrl: config.publicUrl, trustedProxies: config.trustedProxies, log: options.logger })
  const connections = letGo(app.server)
  let url = ''
  const publicUrl = () => config.publicUrl ?? url
  await addApi(app, gateway)
  const demo = config.demo ? await addDemoRoute(app, gateway, { publicUrl, accounts: config.demo.payeeAccounts }) : undefined
  await listenAt(place, () => app.listen(place)).catch(async (error: unknown) => {
    await gateway.close()
    throw error
  })
  // A TCP server's address is never a string.
  const { address, port, family } = app.server.address() as AddressInfo
  url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  return {
    url,
    demo,
    async close() {
      const closed = app.close()
      connections.closing()
      await closed
      await gateway.close()
    },
  }
}
