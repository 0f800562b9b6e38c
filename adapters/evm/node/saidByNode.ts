import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { evmRail } from '../../../gateway/ports/railName.ts'
import { RpcRefused, RpcSilent } from './rpc.ts'

/** What the node says to a question that a caller waits for. Throws `rail_unavailable` when it does not. */
export async function saidByNode<T>(chainId: number, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    if (!(cause instanceof RpcSilent) && !(cause instanceof RpcRefused)) throw cause
    throw silentNode(chainId, cause)
  }
}

export function silentNode(chainId: number, cause: Error): GatewayError {
  const rail = evmRail(chainId)
  return new GatewayError('rail_unavailable', `The node of ${rail} does not answer`, { cause, meta: { rail } })
}
