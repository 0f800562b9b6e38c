// mppx's own server on node:http: its evm charge, with x402 beside it, so that the same payments are sent to it as to the others. Verification is real and
// complete, and settlement is stubbed.
import { createServer } from 'node:http'
import { evm, Mppx } from 'mppx/server'
import type { Hex } from 'viem'
import { underBench } from './underBench.ts'

const TOKEN: Hex = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const PAY_TO: Hex = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
/** Long enough for every payment to be signed before the first is sent. */
const TIMEOUT_SECONDS = 3_600

const charge = evm.charge({
  authorization: { name: 'USD Coin', version: '2' },
  chainId: 31337,
  currency: TOKEN,
  decimals: 6,
  recipient: PAY_TO,
  settle: async () => ({ reference: `0x${'00'.repeat(32)}` }),
  x402: { maxTimeoutSeconds: TIMEOUT_SECONDS },
})
const payments = Mppx.create({ methods: [charge], realm: '127.0.0.1', secretKey: 'worth nothing anywhere, 32 bytes' })
const paid = Mppx.toNodeListener(payments.evm.charge({ amount: '0.002', description: 'a paid answer' }))

underBench(
  createServer(async (request, response) => {
    const { status } = await paid(request, response)
    if (status !== 402) response.setHeader('content-type', 'application/json').end('{"ok":true}')
  }),
)
