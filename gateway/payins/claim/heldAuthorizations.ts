import { evmRail, type RailName } from '../../ports/railName.ts'
import type { Authorization } from '../../ports/receiver.ts'
import type { PaidRequest } from './paidRequest.ts'

/** The authorizations that may still have to be collected, by their claims, and what each payer owes on them. */
export function createHeldAuthorizations() {
  const held = new Map<string, Authorization>()
  const exposure = new Map<string, bigint>()
  const byAuthorization = new Map<string, string>()

  function addExposure({ payer }: PaidRequest, units: bigint): void {
    const owed = (exposure.get(payer) ?? 0n) + units
    if (owed === 0n) exposure.delete(payer)
    else exposure.set(payer, owed)
  }

  return {
    tables: { held, exposure },
    derive(): void {
      byAuthorization.clear()
      for (const claimKey of held.keys()) byAuthorization.set(authorizationKey(claimKey), claimKey)
    },
    begin(request: PaidRequest, authorization: Authorization): void {
      held.set(request.claimKey, authorization)
      byAuthorization.set(authorizationKey(request.claimKey), request.claimKey)
      addExposure(request, request.units)
    },
    end(request: PaidRequest): void {
      held.delete(request.claimKey)
      byAuthorization.delete(authorizationKey(request.claimKey))
      addExposure(request, -request.units)
    },
    get: (claimKey: string): Authorization | undefined => held.get(claimKey),
    keys: (): readonly string[] => [...held.keys()],
    /** The claim of the authorization that a chain reports under this reference. */
    claimOf: (rail: RailName, reference: string): string | undefined => byAuthorization.get(`${rail} ${reference.toLowerCase()}`),
    exposure: (payer: string): bigint => exposure.get(payer) ?? 0n,
  }
}

/** `evm:<chain>:<token>:<from>:<nonce>` of a claim, as the chain's rail reports it: a payer may use one nonce on two chains. */
function authorizationKey(claimKey: string): string {
  const [, chainId, , from, nonce] = claimKey.split(':')
  return `${evmRail(Number.parseInt(chainId!, 10))} auth:${from}:${nonce}`.toLowerCase() // not money: a chain's id
}
