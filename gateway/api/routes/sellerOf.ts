import { GatewayError } from '../../errors/gatewayError.ts'
import type { PartyId } from '../../ports/ids.ts'
import type { CallersFace } from '../http/faces.ts'

/** A seller is a party: whose balance pays, and whose limits count. */
export function sellerOf(callers: CallersFace, request: Parameters<CallersFace['authenticate']>[0]): PartyId {
  const caller = callers.authenticate(request)
  if (caller.kind !== 'party') {
    throw new GatewayError('forbidden', 'An operator sells nothing here', {
      hint: "Use a party's key: its balance pays for what is settled.",
    })
  }
  return caller.party.id
}
