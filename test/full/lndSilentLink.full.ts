import { expect, onTestFinished, test } from 'vitest'
import { connectLnd } from '../../adapters/lightning/lnd/node/connect.ts'
import { openLndStore } from '../../adapters/lightning/lnd/node/store.ts'
import { createSender } from '../../adapters/lightning/lnd/paying/sender.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { until } from '../../world/lightning/until.ts'
import { attemptAt } from '../behavior/lightningCalls.ts'
import { signedInvoice } from '../behavior/signedInvoice.ts'
import { CERT, serveLnd } from '../lnd/servedLnd.ts'
import { swallowingProxy } from '../lnd/swallowingProxy.ts'

/** A link that is dead is noticed within so long. */
const NOTICED_MS = 60_000

/** Our sender on an LND behind a proxy. */
async function senderBehindProxy() {
  const lnd = await serveLnd()
  const proxy = await swallowingProxy(lnd.port)
  onTestFinished(() => {
    proxy.close()
    lnd.close()
  })
  const macaroon = Buffer.from('macaroon').toString('hex')
  const node = await connectLnd({
    socket: `localhost:${proxy.port}`,
    cert: Buffer.from(CERT).toString('base64'),
    macaroons: { receive: macaroon, pay: macaroon },
  })
  const { network, paying } = node
  const parts = { lnd: paying, store: openLndStore(':memory:'), asset: BTC, network, nodeId: `03${'cd'.repeat(32)}` }
  return { lnd, proxy, sender: createSender({ ...parts, clock: { now: () => Date.now() }, log: () => {} }).sender }
}

test('a payment over a link that swallows packets is judged by look-up within a minute, over a new link', async () => {
  const { lnd, proxy, sender } = await senderBehindProxy()
  proxy.swallow()
  const attempt = attemptAt({ kind: 'lightning_invoice', invoice: signedInvoice() }, 1_000_000n, 1_000n)
  const stop = new AbortController()
  const sending = sender.send(attempt, { signal: stop.signal })
  stop.abort()
  expect(await sending).toMatchObject({ kind: 'unknown' })
  await until(NOTICED_MS, 'LND is asked over a link that carries', async () => (await sender.lookup(attempt.id)).kind === 'failed')
  expect(await sender.lookup(attempt.id)).toMatchObject({ kind: 'failed', reason: 'never_sent' })
  expect(lnd.heard).toBe(0)
}, 120_000)
