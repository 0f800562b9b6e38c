import { createPublicKey } from 'node:crypto'
import { ExactEvmScheme } from '@x402/evm'
import {
  extractReceiptFromResponse,
  extractReceiptPayload,
  isJWSSignedReceipt,
  verifyReceiptSignatureJWS,
} from '@x402/extensions/offer-receipt'
import { wrapFetchWithPayment, x402Client } from '@x402/fetch'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { money } from '../../gateway/money/money.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'

// x402's extension `offer-receipt`, read and verified by its own package, unmodified.
const TRANSACTION = `0x${'7a'.repeat(32)}`

let world: PaidRouteWorld
let url: string
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 10, bookedWithinMs: 50 })
  onTestFinished(() => world.close())
  url = await world.app.listen({ host: '127.0.0.1', port: 0 })
})

const account = privateKeyToAccount(generatePrivateKey())
const client = x402Client.fromConfig({ schemes: [{ network: 'eip155:*', client: new ExactEvmScheme(account) }], spendControls: false })
const pay = wrapFetchWithPayment(fetch, client)

const mined = (): Outcome => ({
  kind: 'settled',
  evidence: { rail: 'evm:31337', id: TRANSACTION, at: 1, proof: TRANSACTION },
  fee: money(USDC, 0n),
})

/** The receipt of this answer, as a JWS. */
function receiptOf(response: Response) {
  const receipt = extractReceiptFromResponse(response)
  return receipt && isJWSSignedReceipt(receipt) ? receipt : undefined
}

test('who has paid and was served gets a receipt that the extension’s own verifier takes, by the key that signs all our receipts', async () => {
  world.chain.says(mined())
  const response = await pay(`${url}/opera`)
  expect(response.status).toBe(200)
  const receipt = receiptOf(response)!
  // Its `kid` carries the key: no network is needed.
  const said = await verifyReceiptSignatureJWS(receipt)
  expect(said).toEqual({
    version: 1,
    network: 'eip155:31337',
    resourceUrl: expect.stringMatching(/\/opera$/),
    payer: account.address.toLowerCase(),
    issuedAt: expect.any(Number),
  })
  expect(extractReceiptPayload(receipt)).toEqual(said)
  const published = createPublicKey(world.signer.publicKeyPem).export({ format: 'jwk' })
  expect(await verifyReceiptSignatureJWS(receipt, published as never)).toEqual(said) // A JWK is a JWK.
  const [header, , signature] = receipt.signature.split('.')
  const forged = Buffer.from(JSON.stringify({ ...said, payer: `0x${'1'.repeat(40)}` })).toString('base64url')
  await expect(verifyReceiptSignatureJWS({ ...receipt, signature: `${header}.${forged}.${signature}` })).rejects.toThrow()
})

test('nobody gets a receipt for what is not settled, or was not served', async () => {
  const deferred = await pay(`${url}/joke`)
  expect([deferred.status, receiptOf(deferred)]).toEqual([200, undefined])
  world.chain.says(mined())
  world.fails(1)
  const failed = await pay(`${url}/flaky`)
  expect(failed.status).toBeGreaterThanOrEqual(400)
  expect(receiptOf(failed)).toBeUndefined()
})
