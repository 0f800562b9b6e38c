import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { payAs } from '../../test/full/lnd/lndWorld.ts'
import type { LndNetwork } from '../../test/full/lnd/startNetwork.ts'
import { type Aperture, startAperture } from '../../test/long/aperture/startAperture.ts'
import { processCpu, totalOf } from '../processCpu.ts'
import { type RunningServer, startServer } from './startServer.ts'

const US_PER_MS = 1_000
const PRICE_SATS = 20

/** aperture before the same service, each in its process, whose CPU counts together. With a network it sells; its `authorization` is a token that was paid. */
export async function startApertureServer(program: string, network?: LndNetwork): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  const service = await startServer('proxies', ['service'])
  const stops = [() => service.stop(), async () => rmSync(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const one of stops) await one()
  }
  try {
    const aperture = await startAperture(program, placeOf(folder, service.port, network))
    stops.unshift(aperture.stop)
    const hello = network ? { authorization: await boughtToken(aperture, network) } : {}
    const cpuUs = async () => (await service.cpuUs()) + totalOf(processCpu(aperture.processId)) * US_PER_MS
    const { appends } = service
    return { port: Number(new URL(aperture.url).port), base: aperture.url, hello, cpuUs, appends, stop } // not money: a port
  } catch (error) {
    await stop()
    throw error
  }
}

function placeOf(folder: string, port: number, network: LndNetwork | undefined): Parameters<typeof startAperture>[1] {
  const upstream = `127.0.0.1:${port}`
  if (!network) return { folder, upstream, services: [{ name: 'bench', prefix: '/', sats: 0 }] }
  const carol = join(network.folder, 'carol')
  const macaroonFolder = join(carol, 'data', 'chain', 'bitcoin', 'regtest')
  const node = { socket: network.carol.socket, certFile: join(carol, 'tls.cert'), macaroonFolder }
  return { folder, upstream, services: [{ name: 'bench', prefix: '/', sats: PRICE_SATS }], node }
}

async function boughtToken({ url }: Aperture, network: LndNetwork): Promise<string> {
  const asked = await fetch(`${url}/paid`)
  const [, macaroon, invoice] = /L402 macaroon="([^"]+)", invoice="([^"]+)"/.exec(asked.headers.get('www-authenticate') ?? '') ?? []
  if (!macaroon || !invoice) throw new Error(`aperture answered ${asked.status} and asks for nothing`)
  const { preimage } = await payAs(network.alice, invoice)
  return `L402 ${macaroon}:${preimage}`
}
