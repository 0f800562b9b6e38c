import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openProxy } from '../../app/proxy/openProxy.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { openPaidRoute, USDC } from '../paidRoute/paidRouteWorld.ts'

/** A gateway that listens, with a party that sells and a customer with a balance. */
export async function openProxyWorld() {
  const world = await openPaidRoute({ finishedKept: 1_000 })
  await world.app.listen({ host: '127.0.0.1', port: 0 })
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-proxy-'))
  const gateway = addressOf(world.app.server)
  const file = join(folder, 'prices.json')
  const lines: string[] = []

  return {
    gateway,
    file,
    lines,
    sellerKey: world.sellerKey,
    earned: () => world.has(accounts.party(world.seller), USDC),
    pays: (key: string = crypto.randomUUID()) => ({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': key }),
    price: (prices: object) => writeFileSync(file, JSON.stringify(prices)),
    /** Pays an invoice of the gateway's node. */
    paid: world.lightning.pay,
    /** A proxy before `upstream` for this test. */
    async sell(upstream: string, o: { routes?: object[]; gateway?: string; key?: string } = {}): Promise<string> {
      if (o.routes) writeFileSync(file, JSON.stringify({ routes: o.routes }))
      const proxy = openProxy({
        upstream: new URL(upstream),
        prices: file,
        gateway: o.gateway ?? gateway,
        key: o.key ?? world.sellerKey,
        log: (line) => lines.push(line),
      })
      await listening(proxy.server)
      onTestFinished(async () => {
        proxy.server.closeAllConnections()
        await proxy.close()
      })
      return addressOf(proxy.server)
    },
    async close(): Promise<void> {
      await world.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A service of this test. */
export async function serve(listener: RequestListener): Promise<{ url: string; server: Server; stop: () => Promise<void> }> {
  const server = createServer(listener)
  await listening(server)
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  onTestFinished(stop)
  return { url: addressOf(server), server, stop }
}

async function listening(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
}

function addressOf(server: { address: () => unknown }): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // It listens on a port.
}
