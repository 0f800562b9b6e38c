import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { convert } from '../../money/rate.ts'
import type { Payment } from '../../payins/claim/admission.ts'
import type { Proof } from '../../payins/proof/proof.ts'
import { verifyVoucher } from '../../payins/proof/verifyVoucher.ts'
import { expectedOf } from './expected.ts'
import type { PaidFaces } from './paidFaces.ts'
import type { AskedRequest, PricedRoute } from './pricedRoute.ts'

type Asking = Readonly<{ route: PricedRoute; request: AskedRequest; proof: Extract<Proof, { scheme: 'x402-voucher' }> }>

/** A payment by a voucher of a channel, in its turn. `leave` is called when it is claimed, or never will be. */
export async function payByVoucher(
  faces: PaidFaces,
  { route, request, proof }: Asking,
  { key, fingerprint }: Readonly<{ key: string | undefined; fingerprint: string }>,
): Promise<Readonly<{ payment: Payment; leave: () => void }>> {
  const { rates, usd, bookAsset, clock } = faces.ground
  const { x402Channels } = faces.payins
  if (route.upto) throw new GatewayError('proof_unsupported', 'this is paid by its use: sign a maximum (x402 upto), or pay from a balance')
  const verified = verifyVoucher(proof, await expectedOf(faces, route, request, { now: clock.now() }))
  invariant(x402Channels, 'an offer of channels is made where they are')
  // Before it has its turn, which nobody else would end.
  const credit = convert(verified.price, rates.rate(usd, bookAsset), 'up')
  const counted = async <T>(ask: () => Promise<T>): Promise<T> => {
    const answered = await faces.guard.channelQuestion(request.asker)
    return ask().finally(answered)
  }
  const { claimKey, standing, proof: taken, funding, leave } = await x402Channels.take(verified, { fingerprint, counted })
  const common = { claimKey, standing, fingerprint, keyed: key !== undefined, price: verified.price, credit, proof: taken }
  return { payment: { ...common, payer: verified.payer, funding: async () => funding() }, leave }
}
