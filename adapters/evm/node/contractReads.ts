import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { openEndpoints } from './endpoints.ts'
import type { RailLog } from './railLog.ts'
import { RpcRefused, RpcSilent } from './rpc.ts'
import { hexData } from './wire.ts'

type ContractReads = Readonly<{ read: (to: Hex, data: Hex) => Promise<Hex>; close: () => void }>

const TIMEOUT_MS = 2_000

/** What contracts answer at the block that most nodes have reached, by the word of most of them; of two, by both. Throws `destination_unreachable`. */
export function openContractReads({ urls, clock, log }: Readonly<{ urls: readonly string[]; clock: Clock; log: RailLog }>): ContractReads {
  const endpoints = openEndpoints({ urls, timeoutMs: TIMEOUT_MS, clock, log })
  return {
    async read(to, data) {
      try {
        const { number } = await endpoints.head()
        return await (endpoints.both ?? endpoints.agreed).call('eth_call', [{ to, data }, `0x${number.toString(16)}`], hexData)
      } catch (cause) {
        if (!(cause instanceof RpcSilent || cause instanceof RpcRefused)) throw cause
        throw new GatewayError('destination_unreachable', `the nodes of the chain do not say: ${cause.message.slice(0, 120)}`, { cause })
      }
    },
    close: endpoints.close,
  }
}
