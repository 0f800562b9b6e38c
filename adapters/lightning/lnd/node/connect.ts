import { setTimeout as sleep } from 'node:timers/promises'
import { type AuthenticatedLnd, type GetWalletInfoResult, getWalletInfo } from 'lightning'
import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import type { LndAccess } from './access.ts'
import { certificateTrouble } from './certificate.ts'
import { openLink } from './link.ts'
import { faultOf, GRPC_UNAVAILABLE, isRefusedMacaroon, type LndFault, lndCall } from './lndCall.ts'
import { type Network, networkOf } from './network.ts'

const CALL_DEADLINE_MS = 5_000
/** An LND that starts, or that restarts, is back in a second or two; a large one takes longer than anybody should wait here. */
const OPEN_DEADLINE_MS = 20_000
const RETRY_MS = 250

/** Two ways into one node, each with its own rights. */
export type LndNode = Readonly<{
  receiving: AuthenticatedLnd
  paying: AuthenticatedLnd
  nodeId: string
  alias: string
  version: string
  network: Network
  height: number
}>

/**
 * Reaches the node with both macaroons. Throws `rail_misconfigured` for a wrong certificate or macaroon, and `rail_unavailable` when nothing answers in time.
 */
export async function connectLnd(access: LndAccess): Promise<LndNode> {
  const { receive, pay } = access.macaroons
  const receiving = openLink(access, receive)
  const info = await walletInfo(receiving, access, 'receive')
  const paying = openLink(access, pay)
  const same = await walletInfo(paying, access, 'pay')
  if (same.public_key !== info.public_key) throw misconfigured('The two macaroons open different nodes', access)
  const network = networkOf(info.chains)
  if (!network) throw misconfigured('LND is on a network that is not known here', access)
  const { public_key: nodeId, alias, version, current_block_height: height } = info
  return { receiving, paying, nodeId, alias, version, network, height }
}

async function walletInfo(lnd: AuthenticatedLnd, access: LndAccess, right: 'receive' | 'pay'): Promise<GetWalletInfoResult> {
  const deadline = performance.now() + OPEN_DEADLINE_MS
  for (;;) {
    try {
      return await lndCall('who it is', CALL_DEADLINE_MS, () => getWalletInfo({ lnd }))
    } catch (error) {
      const fault = faultOf(error)
      await refuseWhatNeverHeals(fault, access, right)
      if (performance.now() > deadline) throw unavailable(fault, access, error)
      await sleep(RETRY_MS)
    }
  }
}

/** A node that is down may come back; a wrong certificate or macaroon will not become right. */
async function refuseWhatNeverHeals(fault: LndFault, access: LndAccess, right: string): Promise<void> {
  if (fault.grpc !== GRPC_UNAVAILABLE) {
    if (!isRefusedMacaroon(fault)) return
    throw misconfigured(`LND refuses the macaroon to ${right} (${fault.details})`, access)
  }
  const trouble = await certificateTrouble(access)
  if (trouble !== undefined) throw misconfigured(`The certificate of LND is not the configured one (${trouble})`, access)
}

function misconfigured(message: string, { socket }: LndAccess): GatewayError {
  return new GatewayError('rail_misconfigured', message, { meta: { socket } })
}

function unavailable(fault: LndFault, { socket }: LndAccess, cause: unknown): GatewayError {
  return new GatewayError('rail_unavailable', `LND at ${socket} does not answer (${fault.details || fault.message})`, { cause })
}
