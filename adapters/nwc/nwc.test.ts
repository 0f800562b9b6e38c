import { NWCWalletService, NWCWalletServiceKeyPair } from '@getalby/sdk/nwc'
import * as nip04 from 'nostr-tools/nip04'
import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AppAnswer, AppRequest, WalletApps } from '../../gateway/ports/walletApps.ts'
import { type Relay, startRelay } from '../../world/relay/relay.ts'
import { openNwcClient, readNwcUri } from './openNwcClient.ts'
import { openNwcService } from './openNwcService.ts'

/** As long as a busy machine may take. */
const SOON = { timeout: 30_000 }

let relay: Relay
const open: { close: () => void }[] = []
beforeEach(async () => {
  relay = await startRelay()
})
afterEach(async () => {
  for (const one of open.splice(0)) one.close()
  await relay.close()
})

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const uriOf = (walletKey: string, secret: Uint8Array, url = relay.url) =>
  `nostr+walletconnect://${walletKey}?relay=${encodeURIComponent(url)}&secret=${hex(secret)}`
function client(uri: string, answerMs?: number) {
  const opened = openNwcClient(uri, answerMs === undefined ? {} : { answerMs })
  open.push(opened)
  return opened
}

/** A wallet with one app, that answers as it is told. */
function serve(answer: (request: AppRequest) => Promise<AppAnswer>) {
  const [secret, serviceSecret] = [generateSecretKey(), generateSecretKey()]
  const app = { id: 'wa_1', clientKey: getPublicKey(secret), serviceSecret, methods: ['get_info', 'pay_invoice'] }
  let apps = [app]
  let changed = () => {}
  const port: WalletApps = {
    apps: () => apps,
    onChange: (listener) => {
      changed = listener
      return () => undefined
    },
    onPaid: () => () => undefined,
    answer: (_, request) => answer(request),
  }
  const lines: string[] = []
  const service = openNwcService({ relays: [relay.url], apps: port, clock: { now: () => Date.now() }, log: (line) => lines.push(line) })
  open.push(service)
  const uri = uriOf(getPublicKey(serviceSecret), secret)
  const remove = () => {
    apps = []
    changed()
  }
  return { uri, lines, remove, connected: () => expect.poll(() => service.connected(), SOON).toBe(1) }
}

describe('our client and an unmodified wallet', () => {
  const preimage = '07'.repeat(32)

  async function wallet(handler: Parameters<NWCWalletService['subscribe']>[1]) {
    const [secret, walletSecret] = [generateSecretKey(), generateSecretKey()]
    const service = new NWCWalletService({ relayUrls: [relay.url] })
    open.push(service)
    await service.publishWalletServiceInfoEvent(hex(walletSecret), ['pay_invoice', 'get_balance', 'lookup_invoice'], [])
    await service.subscribe(new NWCWalletServiceKeyPair(hex(walletSecret), getPublicKey(secret)), handler)
    return client(uriOf(getPublicKey(walletSecret), secret))
  }

  test('a payment is made from the user’s wallet', async () => {
    const asked: unknown[] = []
    const payer = await wallet({
      payInvoice: async (request) => {
        asked.push(request)
        return { result: { preimage, fees_paid: 0 }, error: undefined }
      },
      getBalance: async () => ({ result: { balance: 21_000 }, error: undefined }),
    })
    expect(await payer.payInvoice({ invoice: 'lnbc1invoice' })).toEqual({ preimage })
    expect(asked).toEqual([expect.objectContaining({ invoice: 'lnbc1invoice' })])
    expect(await payer.call('get_balance', {})).toEqual({ balance: 21_000 })
  })

  test('its final no is a failure; a doubtful one leaves the outcome unknown', async () => {
    const say = (code: string) => wallet({ payInvoice: async () => ({ result: undefined, error: { code, message: 'because' } }) })
    expect(await (await say('INSUFFICIENT_BALANCE')).payInvoice({ invoice: 'x' })).toEqual({ failed: 'The wallet says no: because' })
    await expect((await say('INTERNAL')).payInvoice({ invoice: 'x' })).rejects.toMatchObject({ code: 'payment_declined' })
  })

  test.each([
    ['that it was paid after all', { result: { state: 'settled', preimage } }, { preimage }],
    ['that it failed', { result: { state: 'failed' } }, { failed: expect.any(String) }],
    ['that it knows no such payment', { error: { code: 'NOT_FOUND', message: 'none' } }, { failed: expect.any(String) }],
    ['that it is under way', { result: { state: 'pending' } }, 'outcome_unknown'],
    ['nothing, because it may not be asked', { error: { code: 'RESTRICTED', message: 'no' } }, 'outcome_unknown'],
  ])('a failed payment, which may be one that only took long, is looked up: the wallet says %s', async (_, found, end) => {
    const failed = { result: undefined, error: { code: 'PAYMENT_FAILED', message: 'timed out' } }
    const answer = { result: undefined, error: undefined, ...found } as never // As short as a wallet may make it.
    const payer = await wallet({ payInvoice: async () => failed, lookupInvoice: async () => answer })
    const paying = payer.payInvoice({ invoice: 'x' })
    if (typeof end === 'string') await expect(paying).rejects.toMatchObject({ code: end })
    else expect(await paying).toEqual(end)
  })

  test('what became of a payment can be looked up', async () => {
    const states: Record<string, object> = { paid: { state: 'settled', preimage }, gone: { state: 'failed' }, open: { state: 'pending' } }
    const payer = await wallet({
      // The wallet's answer is as short as a wallet may make it.
      lookupInvoice: async (request) => ({ result: states[request.invoice!] as never, error: undefined }),
    })
    expect(await payer.lookupInvoice({ invoice: 'paid' })).toEqual({ preimage })
    expect(await payer.lookupInvoice({ invoice: 'gone' })).toMatchObject({ failed: expect.any(String) })
    expect(await payer.lookupInvoice({ invoice: 'open' })).toBeUndefined()
  })
})

test('an answer that is no answer leaves the outcome unknown, whatever it says', async () => {
  const { uri, connected } = serve(async () => ({ result: { preimage: 'not hex' } }))
  await connected()
  await expect(client(uri).payInvoice({ invoice: 'x' })).rejects.toMatchObject({ code: 'outcome_unknown' })
})

test('a wallet that does not answer leaves the outcome unknown, and one that cannot be reached was never asked', async () => {
  const { uri, connected } = serve(() => new Promise(() => undefined))
  await connected()
  await expect(client(uri, 100).payInvoice({ invoice: 'x' })).rejects.toMatchObject({ code: 'outcome_unknown' })
})

test('more requests at a time than one app may have are refused, not queued', async () => {
  const gates: (() => void)[] = []
  const { uri, connected } = serve(async () => {
    await new Promise<void>((resolve) => gates.push(resolve))
    return { result: { done: 1 } }
  })
  await connected()
  const asking = client(uri)
  const working = Array.from({ length: 16 }, () => asking.call('get_info', {}))
  await expect.poll(() => gates.length, SOON).toBe(16)
  await expect(asking.call('get_info', {})).rejects.toMatchObject({ meta: { walletCode: 'RATE_LIMITED' } })
  for (const go of gates) go()
  expect(await Promise.all(working)).toHaveLength(16)
})

test('an app that knows only the older encryption is told so in it', async () => {
  const { uri, connected } = serve(async () => ({ result: { done: 1 } }))
  await connected()
  const { walletKey, secret } = readNwcUri(uri)!
  const content = nip04.encrypt(secret, walletKey, JSON.stringify({ method: 'get_balance', params: {} }))
  const request = finalizeEvent({ kind: 23_194, created_at: Math.trunc(Date.now() / 1_000), tags: [['p', walletKey]], content }, secret)
  relay.inject(request)
  const answers = () => relay.taken().filter(({ kind, tags }) => kind === 23_195 && tags.some(([, value]) => value === request.id))
  await expect.poll(() => answers().length, SOON).toBe(1)
  expect(JSON.parse(nip04.decrypt(secret, walletKey, answers()[0]!.content))).toEqual({
    result_type: 'get_balance',
    result: null,
    error: { code: 'UNSUPPORTED_ENCRYPTION', message: expect.stringContaining('nip44_v2') },
  })
})

test('what breaks inside is answered without its content, and logged', async () => {
  const { uri, lines, connected } = serve(async () => {
    throw new Error('a secret of the inside')
  })
  await connected()
  await expect(client(uri).call('get_info', {})).rejects.toMatchObject({
    shortMessage: 'The wallet says no: something unexpected happened here',
  })
  expect(lines.join()).toContain('a secret of the inside')
})

test('an app that is taken away is not heard any more', async () => {
  const { uri, remove, connected } = serve(async () => ({ result: { done: 1 } }))
  await connected()
  expect(await client(uri).call('get_info', {})).toEqual({ done: 1 })
  remove()
  await expect(client(uri, 200).call('get_info', {})).rejects.toMatchObject({ code: 'outcome_unknown' })
})

test.each(['', 'nostr+walletconnect://abc?relay=ws://x&secret=00', `nostr+walletconnect://${'a'.repeat(64)}?secret=${'b'.repeat(64)}`])(
  '%j is no connection',
  (uri) => {
    expect(readNwcUri(uri)).toBeUndefined()
    expect(() => openNwcClient(uri)).toThrow('not a nostr+walletconnect:// URI')
  },
)
