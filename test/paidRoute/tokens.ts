import { createHmac } from 'node:crypto'
import { decodeMacaroon, encodeMacaroon } from '../../gateway/payins/challenge/macaroon.ts'
import type { PaidRouteWorld } from './paidRouteWorld.ts'
import { askedOf } from './proofs.ts'

/** What shows a token of L402. */
type Shown = Readonly<{ authorization: string }>
type Pairs = readonly (readonly [string, string])[]

/** Pays the invoice of a 402, and shows its token; `account` is that of the pass, if it is one. */
export function paidToken(
  { lightning }: Pick<PaidRouteWorld, 'lightning'>,
  answer: Parameters<typeof askedOf>[0],
): Readonly<{ shown: Shown; account: string }> {
  const { macaroon, invoice } = askedOf(answer)
  return { shown: { authorization: `L402 ${macaroon}:${lightning.pay(invoice)}` }, account: `pass:ps_${invoice.slice(0, 32)}` }
}

/** The headers of a 402 as a seller elsewhere is told them. */
export function headersOfPairs(pairs: Pairs): Parameters<typeof askedOf>[0] {
  const values = pairs.filter(([name]) => name === 'www-authenticate').map(([, value]) => value)
  return { headers: { 'www-authenticate': values, 'payment-required': pairs.find(([name]) => name === 'payment-required')![1] } }
}

/** The same token with caveats that its holder has added, who knows no key of ours. */
export function narrowedToken({ authorization }: Shown, ...caveats: string[]): Shown {
  const [, token = '', preimage = ''] = /^L402 ([^:]+):(.*)$/.exec(authorization) ?? []
  const base = decodeMacaroon(Buffer.from(token, 'base64'))!
  const signature = caveats.reduce((key, caveat) => createHmac('sha256', key).update(caveat).digest(), base.signature)
  const macaroon = encodeMacaroon({ ...base, caveats: [...base.caveats, ...caveats], signature })
  return { authorization: `L402 ${macaroon.toString('base64')}:${preimage}` }
}
