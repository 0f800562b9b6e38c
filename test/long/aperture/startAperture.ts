import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from '../../freePorts.ts'
import { untilStarted } from '../../full/lnd/lndNode.ts'
import { startProgram } from '../../full/lnd/program.ts'

/** Paths below `prefix`, for so many satoshi; for 0 they are free. */
type SoldService = Readonly<{ name: string; prefix: string; sats: number }>

/** The node that makes the invoices: `socket`, its certificate's file, and a folder with its invoice macaroon. */
type InvoiceNode = Readonly<{ socket: string; certFile: string; macaroonFolder: string }>

/** aperture before the HTTP service at `upstream` (host:port). `processId`: its CPU is measured. Without a node nothing can be sold. */
export type Aperture = Readonly<{ url: string; processId: number; stop: () => Promise<void> }>

/** Starts aperture on loopback, without TLS, with its files in `folder`, on a free port unless told. It dies with this process. */
export async function startAperture(
  program: string,
  o: Readonly<{ folder: string; upstream: string; services: readonly SoldService[]; node?: InvoiceNode; port?: number }>,
): Promise<Aperture> {
  const { folder, upstream, services, node } = o
  mkdirSync(folder, { recursive: true })
  const port = o.port ?? (await freePorts(1))[0]
  const address = `127.0.0.1:${port}`
  const authenticator = node
    ? { network: 'regtest', lndhost: node.socket, tlspath: node.certFile, macdir: node.macaroonFolder }
    : { network: 'regtest', disable: true }
  const sold = services.map(({ name, prefix, sats }) => ({
    name,
    hostregexp: '.*',
    pathregexp: `^${prefix}.*$`,
    address: upstream,
    protocol: 'http',
    price: sats,
    ...(sats === 0 ? { auth: 'off' } : {}),
  }))
  const config = { listenaddr: address, insecure: true, debuglevel: 'error', dbbackend: 'sqlite', authenticator, services: sold }
  // JSON is YAML.
  writeFileSync(join(folder, 'aperture.yaml'), JSON.stringify(config))
  const daemon = startProgram(program, [`--basedir=${folder}`, `--sqlite.dbfile=${join(folder, 'aperture.db')}`])
  await untilStarted(daemon, 'aperture answers', async () => {
    const answer = await fetch(`http://${address}/nothing-is-sold-here`).catch(() => undefined)
    return answer ? undefined : 'it does not answer'
  }).catch(async (error: unknown) => {
    await daemon.stop()
    throw error
  })
  return { url: `http://${address}`, processId: daemon.processId!, stop: () => daemon.stop() } // It answered.
}
