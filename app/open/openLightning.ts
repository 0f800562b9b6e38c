import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LightningRail, openLightningRail } from '../../adapters/lightning/embedded/rail.ts'
import type { LndRail } from '../../adapters/lightning/lnd/rail.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { BTC } from '../../gateway/money/asset.ts'
import type { ChainWallet } from '../../gateway/ports/chainWallet.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { HoldInvoices } from '../../gateway/ports/holdInvoices.ts'
import type { LightningNode } from '../../gateway/ports/lightningNode.ts'
import type { Receiver } from '../../gateway/ports/receiver.ts'
import type { ReusableOffers } from '../../gateway/ports/reusableOffers.ts'
import type { Sender } from '../../gateway/ports/sender.ts'
import type { Statement } from '../../gateway/ports/statement.ts'
import type { GatewayConfig } from '../config/config.ts'
import type { LndConfig } from '../config/lightningConfig.ts'

/** Which bitcoin networks a gateway of each kind may be on. */
const NETWORKS = { local: ['regtest'], testnet: ['testnet', 'signet'], mainnet: ['mainnet'] } as const

const BYTES_PER_MB = 1_048_576

/** A Lightning rail as the wings know it, whichever node it has. */
export type LightningFace = Receiver &
  Sender &
  Statement &
  LightningNode &
  Partial<Pick<ReusableOffers, 'reusableOffer'>> &
  Readonly<{
    rail: 'lightning'
    /** Undefined until the rail has opened for the first time. */
    nodeId: () => string | undefined
    holds: HoldInvoices
    wallet?: ChainWallet
    /** How the node calls itself, where it is one of the operator's own. */
    name?: string
    close: () => Promise<void>
  }>

/** Opens the Lightning rail that is configured. */
export async function openLightning(
  config: Pick<GatewayConfig, 'dataDir' | 'network'> & { lightning: NonNullable<GatewayConfig['lightning']> },
  o: { clock: Clock; log: (line: string) => void },
): Promise<LightningFace> {
  const rail = await openNode(config, o)
  return { ...rail, nodeId: () => rail.nodeId }
}

function openNode(
  { lightning, dataDir, network }: Parameters<typeof openLightning>[0],
  { clock, log }: { clock: Clock; log: (line: string) => void },
): Promise<LightningRail | LndRail> {
  if (!('lnd' in lightning)) {
    const { chainUrl, peer, memoryMbMax, dustSatMax } = lightning
    return openLightningRail({
      dataDir: join(dataDir, 'lightning'),
      chainUrl,
      peer,
      asset: BTC,
      clock,
      log,
      ...(memoryMbMax === undefined ? {} : { externalBytesMax: memoryMbMax * BYTES_PER_MB }),
      ...(dustSatMax === undefined ? {} : { dustExposureMsatMax: BigInt(dustSatMax) * 1_000n }),
    })
  }
  const access = accessOf(lightning.lnd)
  const options = { ...access, dataDir: join(dataDir, 'lightning-lnd'), networks: NETWORKS[network], asset: BTC, clock, log }
  // Loaded only where there is an LND: its client brings gRPC with it.
  return import('../../adapters/lightning/lnd/rail.ts').then(({ openLndRail }) => openLndRail(options))
}

function accessOf({ socket, cert, macaroon, outgoingChannels }: LndConfig) {
  const { receive, pay } = typeof macaroon === 'string' ? { receive: macaroon, pay: macaroon } : macaroon
  return {
    socket,
    macaroons: { receive: contentOf(receive), pay: contentOf(pay) },
    ...(cert === undefined ? {} : { cert: contentOf(cert) }),
    ...(outgoingChannels ? { outgoingChannels } : {}),
  }
}

/** A path is read; what is no path is the content itself. */
function contentOf(given: string): string {
  if (!/^\.{0,2}\//.test(given)) return given
  try {
    return readFileSync(given).toString('base64')
  } catch (cause) {
    // It may come with a disk that is mounted later; and the other rails need not wait for it.
    const what = `The file ${given} of LND cannot be read: put it there, readable to the gateway's user, or correct lightning.lnd`
    throw new GatewayError('rail_unavailable', what, { cause })
  }
}
