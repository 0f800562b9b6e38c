import { generateSecretKey, getPublicKey } from 'nostr-tools/pure'
import { bytesToHex, hexToBytes } from 'nostr-tools/utils'
import { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Json } from '../../gateway/ports/books.ts'
import { openRelayLink } from './relayLink.ts'
import { isGenuine, seal, tagOf, unseal } from './sealed.ts'
import { ENCRYPTION, KIND, type WireEvent, walletAnswer } from './wire.ts'

/** What a payment by somebody's wallet came to: the preimage, or the wallet's own word that it failed. No answer is an error: nothing is known then. */
export type NwcPayment = Readonly<{ preimage: string }> | Readonly<{ failed: string }>

export type NwcClient = Readonly<{
  /**
   * Calls a method of NIP-47 and answers its result. Throws `payment_declined` with the wallet's word, `rail_unavailable` when nothing was sent, and
   * `outcome_unknown` when no answer came in time.
   */
  call: (method: string, params: Json) => Promise<Readonly<Record<string, Json>>>
  /** Fits the payer's Lightning wallet. A refusal that may come after the payment began is left unknown. */
  payInvoice: (o: { invoice: string }) => Promise<NwcPayment>
  lookupInvoice: (o: { invoice: string }) => Promise<NwcPayment | undefined>
  close: () => void
}>

const ANSWER_MS_MAX = 60_000
const CONNECT_MS_MAX = 10_000
const POLL_MS = 20
const KEY = /^[0-9a-f]{64}$/
/**
 * The wallet's words that nothing was, or will be, paid (NIP-47). Others may come while a payment is under way; `PAYMENT_FAILED` too, which the
 * document has wallets say of a payment that took too long.
 */
const FINAL: readonly string[] = ['INSUFFICIENT_BALANCE', 'QUOTA_EXCEEDED', 'RESTRICTED', 'UNAUTHORIZED', 'NOT_IMPLEMENTED', 'RATE_LIMITED']

type Uri = Readonly<{ walletKey: string; relays: readonly string[]; secret: Uint8Array }>

/** Reads `nostr+walletconnect://<wallet key>?relay=...&secret=...`; undefined when it is none. */
export function readNwcUri(text: string): Uri | undefined {
  const match = /^nostr\+walletconnect:(?:\/\/)?([0-9a-f]{64})\?(.+)$/.exec(text.trim())
  const query = new URLSearchParams(match?.[2] ?? '')
  const relays = query.getAll('relay').filter((relay) => /^wss?:\/\//.test(relay) && URL.canParse(relay))
  const secret = query.get('secret') ?? ''
  if (!match || relays.length === 0 || !KEY.test(secret)) return undefined
  return { walletKey: match[1]!, relays, secret: hexToBytes(secret) }
}

/** Opens somebody's wallet by its connection URI. */
export function openNwcClient(uri: string, o: { log?: (line: string) => void; answerMs?: number } = {}): NwcClient {
  const wallet = readNwcUri(uri)
  if (!wallet) throw new GatewayError('invalid_request', 'This is not a nostr+walletconnect:// URI with a relay and a secret')
  const { walletKey, secret } = wallet
  const links = wallet.relays.map((url) => openRelayLink(url, { log: o.log ?? (() => undefined) }))
  const clientKey = getPublicKey(secret)

  async function call(method: string, params: Json): Promise<Readonly<Record<string, Json>>> {
    await connected()
    const tags = [['encryption', ENCRYPTION]]
    const event = seal({ kind: KIND.request, secret, to: walletKey, tags, body: { method, params }, at: Date.now() })
    let resolve: (event: WireEvent | undefined) => void = () => undefined
    // Not Promise.withResolvers: payers run under Node 20 too.
    const promise = new Promise<WireEvent | undefined>((settle) => {
      resolve = settle
    })
    const id = bytesToHex(generateSecretKey())
    const filter = () => ({ kinds: [KIND.response], authors: [walletKey], '#e': [event.id] })
    const isAnswer = (e: WireEvent) => e.kind === KIND.response && e.pubkey === walletKey && tagOf(e, 'e') === event.id
    const onEvent = (e: WireEvent) => {
      if (isAnswer(e) && tagOf(e, 'p') === clientKey && isGenuine(e)) resolve(e)
    }
    for (const link of links) link.subscribe(id, filter, onEvent)
    const late = setTimeout(() => resolve(undefined), o.answerMs ?? ANSWER_MS_MAX)
    try {
      const sent = await Promise.allSettled(links.map((link) => link.publish(event)))
      // A relay that did not say that it took the event may have passed it on all the same.
      if (sent.every(({ status }) => status === 'rejected')) throw unknown(method)
      const answer = await promise
      if (!answer) throw unknown(method)
      return resultOf(method, unseal(answer, secret))
    } finally {
      clearTimeout(late)
      for (const link of links) link.unsubscribe(id)
    }
  }

  async function connected(): Promise<void> {
    for (let waited = 0; !links.some((link) => link.connected()); waited += POLL_MS) {
      if (waited >= CONNECT_MS_MAX) throw new GatewayError('rail_unavailable', 'No relay of the wallet can be reached; nothing was asked')
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }

  return {
    call,
    ...paymentsBy(call),
    close() {
      for (const link of links) link.close()
    },
  }
}

function paymentsBy(call: NwcClient['call']): Pick<NwcClient, 'payInvoice' | 'lookupInvoice'> {
  async function lookupInvoice({ invoice }: { invoice: string }): Promise<NwcPayment | undefined> {
    const { state, preimage } = await call('lookup_invoice', { invoice })
    if (typeof preimage === 'string' && KEY.test(preimage)) return { preimage }
    return state === 'failed' ? { failed: 'the wallet says that the payment failed' } : undefined
  }

  /** A failure is believed when the wallet says it again, or knows of no such payment. */
  async function failedOrNot(invoice: string, failure: GatewayError): Promise<NwcPayment | undefined> {
    try {
      return await lookupInvoice({ invoice })
    } catch (error) {
      return codeOf(error) === 'NOT_FOUND' ? { failed: failure.shortMessage } : undefined
    }
  }

  async function payInvoice({ invoice }: { invoice: string }): Promise<NwcPayment> {
    try {
      const { preimage } = await call('pay_invoice', { invoice })
      if (typeof preimage === 'string' && KEY.test(preimage)) return { preimage }
    } catch (error) {
      const code = codeOf(error)
      if (!isGatewayError(error) || code === undefined) throw error
      if (FINAL.includes(code)) return { failed: error.shortMessage }
      if (code !== 'PAYMENT_FAILED') throw error
      const found = await failedOrNot(invoice, error)
      if (found) return found
    }
    throw unknown('pay_invoice')
  }

  return { payInvoice, lookupInvoice }
}

/** The wallet's own word in a refusal (NIP-47). */
function codeOf(error: unknown): string | undefined {
  const code = isGatewayError(error) ? error.meta.walletCode : undefined
  return typeof code === 'string' ? code : undefined
}

function resultOf(method: string, body: unknown): Readonly<Record<string, Json>> {
  const read = walletAnswer.safeParse(body)
  if (!read.success) throw unknown(method)
  const { error, result } = read.data
  if (error) {
    throw new GatewayError('payment_declined', `The wallet says no: ${error.message.slice(0, 200) || error.code}`, {
      meta: { walletCode: error.code },
    })
  }
  if (!result) throw unknown(method)
  return result
}

function unknown(method: string): GatewayError {
  return new GatewayError('outcome_unknown', `The wallet did not answer ${method} in time, or not clearly`)
}
