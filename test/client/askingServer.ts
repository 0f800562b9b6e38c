import { USD } from '../../gateway/money/asset.ts'
import { formatAmount, money } from '../../gateway/money/money.ts'

export const URL_ = 'http://pay.example/joke'
/** What any invoice here is paid with. */
export const PREIMAGE = '11'.repeat(32)
export const TOKEN = `0x${'c0'.repeat(20)}`

/** What a 402 offers; amounts in the smallest unit. */
export type Offered = Readonly<{
  book?: string
  lightning?: string
  evm?: { price: string; amount: string; token?: string }
  invoice?: string
  /** By MPP, on the chain, in the header of its own. */
  mpp?: { amount: string }
}>

/** A 402 written by hand, so that the client is tested against the formats and not against our own codec. */
export function paymentNeeded(o: Offered): Response {
  const price = (units: string) => ({ price: { asset: 'USD', amount: formatAmount(money(USD, BigInt(units))) } })
  const offers = [
    ...(o.lightning ? [{ rail: 'lightning', ...price(o.lightning) }] : []),
    ...(o.book ? [{ rail: 'book', ...price(o.book) }] : []),
    ...(o.evm ? [{ rail: 'evm:31337', ...price(o.evm.price) }] : []),
  ]
  const headers = new Headers({ 'content-type': 'application/problem+json' })
  if (o.evm) {
    const { amount, token: asset = TOKEN } = o.evm
    const extra = { name: 'USD Coin', version: '2' }
    const entry = { scheme: 'exact', network: 'eip155:31337', amount, asset, payTo: `0x${'aa'.repeat(20)}`, maxTimeoutSeconds: 60, extra }
    const required = { x402Version: 2, resource: { url: URL_ }, accepts: [entry] }
    headers.set('payment-required', Buffer.from(JSON.stringify(required)).toString('base64'))
  }
  if (o.mpp) {
    const details = { chainId: 31337, credentialTypes: ['authorization'] }
    const charge = { amount: o.mpp.amount, currency: TOKEN, recipient: `0x${'aa'.repeat(20)}`, methodDetails: details }
    const request = Buffer.from(JSON.stringify(charge)).toString('base64url')
    const expires = new Date(Date.now() + 300_000).toISOString()
    headers.append(
      'www-authenticate',
      `Payment id="c1", realm="r", method="evm", intent="charge", request="${request}", expires="${expires}", header="Payment-Authorization"`,
    )
  }
  if (o.invoice) headers.set('www-authenticate', `L402 macaroon="AgJC", invoice="${o.invoice}"`)
  return new Response(JSON.stringify({ offers }), { status: 402, headers })
}

type Seen = Readonly<{ url: string; init: RequestInit; proof: string | null }>
type Answer = (n: number) => Response | Promise<Response>

/** A server that asks for payment and answers proofs as told; it remembers what it saw. */
export function askingServer(offered: Offered, onProof: Answer = () => new Response('ok', { headers: { 'switchyard-receipt': 'rc_1' } })) {
  const seen: Seen[] = []
  let proofs = 0
  async function fetch(url: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers)
    const proof = headers.get('payment-signature') ?? headers.get('authorization')
    seen.push({ url, init, proof })
    return proof ? onProof(++proofs) : paymentNeeded(offered)
  }
  return { fetch, seen, proofs: () => seen.flatMap((s) => (s.proof ? [s.proof] : [])) }
}
