import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { evmRail } from '../../gateway/ports/railName.ts'
import { assembleRail } from './assembleRail.ts'
import { lower } from './node/contracts.ts'
import { openEndpoints } from './node/endpoints.ts'
import { lineLog } from './node/railLog.ts'
import { RpcRefused, RpcSilent } from './node/rpc.ts'
import { createFaces, type EvmRail } from './railFaces.ts'
import { DEFAULTS, type EvmRailOptions } from './settings.ts'

/**
 * Opens the rail on its node and data file: checks that they belong together, offers again every signed transaction without a receipt,
 * fills gaps in the nonces, and goes on with what was open. Throws `rail_unavailable` or `rail_misconfigured`.
 */
export async function openEvmRail(given: EvmRailOptions): Promise<EvmRail> {
  const options = {
    ...DEFAULTS,
    firstBlock: 0n,
    log: () => undefined,
    ...given,
    hub: lower(given.hub),
    token: { ...given.token, address: lower(given.token.address) },
  }
  const log = lineLog(options.log)
  const endpoints = openEndpoints({ urls: options.rpcUrls, timeoutMs: options.rpcTimeoutMs, clock: options.clock, log })
  const undo: (() => void)[] = [() => endpoints.close()]
  try {
    return createFaces(await assembleRail(options, endpoints, log, undo))
  } catch (error) {
    for (const step of undo.reverse()) step()
    if (!(error instanceof RpcSilent) && !(error instanceof RpcRefused)) throw error
    throw new GatewayError('rail_unavailable', `The node of chain ${options.chainId} does not answer`, {
      cause: error,
      meta: { rail: evmRail(options.chainId) },
    })
  }
}
