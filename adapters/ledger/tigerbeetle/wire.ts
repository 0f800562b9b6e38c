import { GatewayError } from '../../../gateway/errors/gatewayError.ts'

/** The client's package as this program was written for: its types are its own, so the compiler compares them with the port's. */
export type TigerBeetle = typeof import('tigerbeetle-node')
export type Client = import('tigerbeetle-node').Client
export type TheirAccount = import('tigerbeetle-node').Account
export type TheirTransfer = import('tigerbeetle-node').Transfer
export type TheirAccountResult = import('tigerbeetle-node').CreateAccountResult
export type TheirTransferResult = import('tigerbeetle-node').CreateTransferResult
export type TheirAccountFilter = import('tigerbeetle-node').AccountFilter
export type TheirQueryFilter = import('tigerbeetle-node').QueryFilter
export type TheirBalance = import('tigerbeetle-node').AccountBalance

/** What of the package is used. */
export type ClientPackage = Pick<TigerBeetle, 'createClient' | 'CreateAccountStatus' | 'CreateTransferStatus'>

const PACKAGE_VERSION = '0.17.9'

/** Loads the client, which is an optional dependency: its native part exists for some platforms only. */
export async function loadClient(load: () => Promise<ClientPackage> = () => import('tigerbeetle-node')): Promise<ClientPackage> {
  try {
    return await load()
  } catch (cause) {
    throw new GatewayError('unsafe_configuration', 'The configuration names a TigerBeetle cluster, but its client cannot be loaded', {
      hint: `Run npm install tigerbeetle-node@${PACKAGE_VERSION} on a platform that it supports, or take another ledger engine.`,
      cause,
    })
  }
}

/** The code of an error that the client rejects with, or undefined for one that it throws about its arguments. */
export function clientErrorCode(error: unknown): string | undefined {
  return error instanceof Error && error.name === 'RequestError' && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
}
