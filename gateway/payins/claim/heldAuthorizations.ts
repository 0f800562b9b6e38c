import { evmRail, type RailName } from '../../ports/railName.ts'
import type { Authorization } from '../../ports/receiver.ts'
import type { PaidRequest } from './paidRequest.ts'

/** The authorizations that may still have to be collected, by their claims, and what they will take of each payer on each chain. */
export function createHeldAuthorizations() {
  const held = new Map<string, Authorization>()
  const reserved = new Map<string, bigint>()
  const byAuthorization = new Map<string, string>()

  function reserve({ rail, payer }: PaidRequest, units: bigint): void {
    const key = `${rail} ${payer}`
    const all = (reserved.get(key) ?? 0n) + units
    if (all === 0n) reserved.delete(key)
    else reserved.set(key, all)
  }

  return {
    tables: { held, reserved },
    derive(): void {
      byAuthorization.clear()
      for (const claimKey of held.keys()) byAuthorization.set(authorizationKey(claimKey), claimKey)
    },
    begin(request: PaidRequest, authorization: Authorization): void {
      held.set(request.claimKey, authorization)
      byAuthorization.set(authorizationKey(request.claimKey), request.claimKey)
      reserve(request, request.units)
    },
    end(request: PaidRequest): void {
      held.delete(request.claimKey)
      byAuthorization.delete(authorizationKey(request.claimKey))
      reserve(request, -request.units)
    },
    get: (claimKey: string): Authorization | undefined => held.get(claimKey),
    keys: (): readonly string[] => [...held.keys()],
    /** The claim of the authorization that a chain reports under this reference. */
    claimOf: (rail: RailName, reference: string): string | undefined => byAuthorization.get(`${rail} ${reference.toLowerCase()}`),
    /** In the asset of the chain. */
    reserved: (rail: RailName, payer: string): bigint => reserved.get(`${rail} ${payer}`) ?? 0n,
  }
}

/** `evm:<chain>:<token>:<from>:<nonce>` of a claim, or `permit2` for the token, as the chain's rail reports it: a payer may use one nonce on two chains. */
function authorizationKey(claimKey: string): string {
  const [, chainId, token, from, nonce] = claimKey.split(':')
  const kind = token === 'permit2' ? 'permit2' : 'auth'
  return `${evmRail(Number.parseInt(chainId!, 10))} ${kind}:${from}:${nonce}`.toLowerCase() // not money: a chain's id
}
