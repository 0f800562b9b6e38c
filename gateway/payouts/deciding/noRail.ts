import { GatewayError } from '../../errors/gatewayError.ts'
import type { Refusal } from '../payoutState/payout.ts'

/** Ways whose reasons the sentence says; all are in `meta.candidates`. */
const SAID_MAX = 4

type Words = Readonly<{ what?: string; hint?: string }>

/** No way is left: the refusal says of each why, so that who reads the sentence alone knows what to change. */
export function noRail(refusals: readonly Refusal[], { what = 'No rail can pay it now', hint }: Words = {}): GatewayError {
  const said = refusals.slice(0, SAID_MAX).map(({ rail, detail }) => `${rail} (${detail})`)
  const more = refusals.length > SAID_MAX ? ['others'] : []
  return new GatewayError('no_rail', [what, [...said, ...more].join(', ')].filter(Boolean).join(': '), {
    meta: { candidates: refusals },
    ...(hint && { hint }),
  })
}
