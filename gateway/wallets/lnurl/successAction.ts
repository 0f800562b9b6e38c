import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** What the payee shows after a payment (LUD-09, LUD-10). In `aes` the text can be read with the payment's preimage only. */
export type SuccessAction =
  | Readonly<{ tag: 'message'; message: string }>
  | Readonly<{ tag: 'url'; description: string; url: string }>
  | Readonly<{ tag: 'aes'; description: string; ciphertext: string; iv: string }>

const IV_BYTES = 16
const PREIMAGE = /^[0-9a-f]{64}$/

/** An `aes` action: AES-256-CBC with PKCS #5 padding, keyed by the preimage that the payer will learn by paying (LUD-10). */
export function sealSuccess(o: { description: string; text: string; preimage: string }): SuccessAction {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-cbc', Buffer.from(o.preimage, 'hex'), iv)
  const sealed = Buffer.concat([cipher.update(o.text, 'utf8'), cipher.final()])
  return { tag: 'aes', description: o.description, ciphertext: sealed.toString('base64'), iv: iv.toString('base64') }
}

/** What a payer may be shown: an action with its text opened. */
export type OpenedSuccess = Readonly<{ text: string; url?: string }>

/** Opens an action with the preimage of the settled payment; undefined when it cannot be opened. */
export function openSuccess(action: SuccessAction, preimage: string): OpenedSuccess | undefined {
  if (action.tag === 'message') return { text: action.message }
  if (action.tag === 'url') return { text: action.description, url: action.url }
  const iv = Buffer.from(action.iv, 'base64')
  if (!PREIMAGE.test(preimage) || iv.length !== IV_BYTES) return undefined
  try {
    const decipher = createDecipheriv('aes-256-cbc', Buffer.from(preimage, 'hex'), iv)
    const opened = Buffer.concat([decipher.update(Buffer.from(action.ciphertext, 'base64')), decipher.final()])
    return { text: `${action.description}: ${new TextDecoder('utf-8', { fatal: true }).decode(opened)}` }
  } catch {
    return undefined
  }
}

/** LUD-09: a URL after the payment leads to the callback's own domain, or it is not shown. */
export function successUrlIsOwn(action: SuccessAction, callback: URL): boolean {
  if (action.tag !== 'url') return true
  return URL.canParse(action.url) && new URL(action.url).hostname === callback.hostname
}
