import { fetch402 } from '@getalby/lightning-tools/402'
import { fetchWithL402 } from '@getalby/lightning-tools/402/l402'
import Fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { EXAMPLE_HASH, EXAMPLE_PREIMAGE, exampleChallenge } from '../../../test/challenge/exampleChallenge.ts'
import { headerRecord } from '../../../test/challenge/headerRecord.ts'
import { USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { buildChallenge } from '../challenge/buildChallenge.ts'
import { readProof } from './readProof.ts'
import { verifyPass } from './verifyPass.ts'

const route = 'ab'.repeat(32)

/** A server that sells a pass, and whose answer is what the token says. */
async function shop(): Promise<string> {
  const { input, expected } = exampleChallenge(Date.now())
  const terms = { kind: 'budget', price: money(USD, 20_000n), forMs: 60_000 } as const
  const pass = { route, method: 'GET', path: '/joke', terms, offeredUntil: input.expiresAt, endsAt: input.expiresAt + 60_000 }
  const app = Fastify()
  onTestFinished(() => app.close())
  app.get('/joke', (request, reply) => {
    const proof = readProof(request.headers)
    if (proof?.scheme === 'l402') {
      const guarded = { method: 'GET', path: '/joke' }
      const { kind, price, paymentHash } = verifyPass(proof, { ...expected, route, guarded, now: Date.now() }).pass
      return reply.send({ kind, units: `${price.units}`, paymentHash })
    }
    const { status, headers, body } = buildChallenge({ ...input, pass })
    return reply.code(status).headers(headerRecord(headers)).send(body)
  })
  return `${await app.listen({ host: '127.0.0.1', port: 0 })}/joke`
}

test.each([
  ['fetchWithL402', fetchWithL402],
  ['fetch402', fetch402],
] as const)("a pass is bought by Alby's %s as it is, and its token holds for the next request too", async (_, pay) => {
  const url = await shop()
  let authorization = ''
  const invoices: string[] = []
  const payInvoice = async ({ invoice }: { invoice: string }) => {
    invoices.push(invoice)
    return { preimage: EXAMPLE_PREIMAGE }
  }
  const real = globalThis.fetch
  globalThis.fetch = async (to, init) => {
    authorization = new Headers(init?.headers).get('authorization') ?? authorization
    return real(to, init)
  }
  onTestFinished(() => {
    globalThis.fetch = real
  })
  const said = { kind: 'budget', units: '20000', paymentHash: EXAMPLE_HASH }
  expect(await (await pay(url, {}, { wallet: { payInvoice } })).json()).toEqual(said)
  expect(await (await real(url, { headers: { authorization } })).json()).toEqual(said)
  expect(invoices).toHaveLength(1)
})
