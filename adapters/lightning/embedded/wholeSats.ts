import { GatewayError } from '../../../gateway/errors/gatewayError.ts'

const MSAT_PER_SAT = 1_000n

/** The chain counts in satoshi. Throws `invalid_amount` for a part of one. */
export function wholeSats(msat: bigint): bigint {
  if (msat % MSAT_PER_SAT !== 0n) throw new GatewayError('invalid_amount', `${msat} msat are no whole number of satoshi`)
  return msat / MSAT_PER_SAT
}
