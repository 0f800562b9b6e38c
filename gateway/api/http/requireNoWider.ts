import { GatewayError } from '../../errors/gatewayError.ts'
import { isNoWider, type KeyTerms } from '../../parties/keys/key.ts'
import type { Caller } from './authenticate.ts'

/** Whoever has a restricted key gets no wider one by it. */
export function requireNoWider(terms: KeyTerms, caller: Caller): void {
  if (isNoWider(terms, caller.terms)) return
  throw new GatewayError('key_not_allowed', 'A key makes no key with more rights, from more addresses or for longer than its own')
}
