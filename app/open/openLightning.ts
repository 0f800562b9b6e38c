import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LightningRail, openLightningRail } from '../../adapters/lightning/embedded/rail.ts'
import type { LndRail } from '../../adapters/lightning/lnd/rail.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { BTC } from '../../gateway/money/asset.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { GatewayConfig } from '../config/config.ts'
import type { LndConfig } from '../config/lightningConfig.ts'

/** Which bitcoin networks a gateway of each kind may be on. */
const NETWORKS = { local: ['regtest'], testnet: ['testnet', 'signet'], mainnet: ['mainnet'] } as const

const BYTES_PER_MB = 1_048_576

/** Opens the Lightning rail that is configured. */
export async function openLightning(
  { lightning, dataDir, network }: GatewayConfig,
  { clock, log }: { clock: Clock; log: (line: string) => void },
): Promise<LightningRail | LndRail | undefined> {
  if (!lightning) return undefined
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
  // Loaded only where there is an LND: its client brings gRPC with it.
  const { openLndRail } = await import('../../adapters/lightning/lnd/rail.ts')
  const access = accessOf(lightning.lnd)
  return openLndRail({ ...access, dataDir: join(dataDir, 'lightning-lnd'), networks: NETWORKS[network], asset: BTC, clock, log })
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
    throw new GatewayError('unsafe_configuration', `The file ${given} of LND cannot be read`, {
      cause,
      hint: 'Name the file as LND wrote it, readable to the user that runs the gateway, or give its content in base64 or hex.',
    })
  }
}

/** "lightning (LND alice 0.21.2-beta)", for the start's own lines. */
export function railNote(rail: object): string {
  return 'name' in rail && typeof rail.name === 'string' ? ` (LND ${rail.name})` : ''
}
