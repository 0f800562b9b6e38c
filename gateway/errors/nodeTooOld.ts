import { GatewayError } from './gatewayError.ts'

/** What a package says where its Node is older than it needs. Read by that Node: nothing newer may be in it, nor in what it imports. */
export function nodeTooOld(name: string, nodeMin: number): GatewayError {
  return new GatewayError('node_too_old', `${name} needs Node ${nodeMin}, and this is ${process.versions.node}`)
}
