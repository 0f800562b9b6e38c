import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { formatAmount, type Money } from '../../money/money.ts'
import type { Json } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { EntryId, ReceiptId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import { canonicalJson } from './canonicalJson.ts'
import { didKeyOf } from './didKey.ts'
import type { MoneyText } from './moneyText.ts'
import type { ReceiptUpdate } from './receiptUpdate.ts'

/** What one payment was: the parts that are signed. Amounts are decimal strings of whole units of their asset. */
export type Receipt = Readonly<{
  id: ReceiptId
  issued_at: string
  payment: string
  resource: string
  price: MoneyText
  rail: RailName
  paid: MoneyText
  fee: MoneyText
  rate: string
  /** `settled`: the rail has said so. `authorised`: the payer's signature is held and collected after this answer. */
  state: 'settled' | 'authorised'
  /** `paid` is the most that is taken; how much it is, a later entry says (`charged`). */
  upto?: true
  payee: string
  split: string
  parts: readonly Readonly<{ to: string; amount: string }>[]
  entry: EntryId
}>
export type SignedReceipt = Readonly<{ receipt: Receipt }> & Signed
export type SignedUpdate = Readonly<{ update: ReceiptUpdate }> & Signed
type Signed = Readonly<{ key_id: string; signature: string }>

export function moneyText(amount: Money): MoneyText {
  return { asset: amount.asset.id, amount: formatAmount(amount) }
}

/** The id of a public key: the first 16 hex digits of the SHA-256 of its SubjectPublicKeyInfo. */
export function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)
}

function base64Url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url')
}

export type ReceiptSigner = ReturnType<typeof receiptSigner>

/**
 * Issues receipts and signs them with Ed25519 (RFC 8032); `privateKeyPem` is PKCS #8. What is issued stands in the journal, under its hash chain.
 * The signature is a function of that and the key (RFC 8032 section 5.1.6 uses no randomness), so it is made when somebody asks for it, with the
 * key that is published then, and costs a paid request nothing.
 */
export function receiptSigner(o: { privateKeyPem: string; clock: Clock; ids: Pick<IdSource, 'receipt'> }) {
  const privateKey = createPrivateKey(o.privateKeyPem)
  const publicKey = createPublicKey(privateKey)
  const keyId = keyIdOf(publicKey)
  const header = base64Url(JSON.stringify({ alg: 'EdDSA', kid: didKeyOf(publicKey) }))
  const signed = (content: Json): Signed => {
    const signature = sign(null, Buffer.from(canonicalJson(content)), privateKey).toString('base64url')
    return { key_id: keyId, signature }
  }
  return {
    keyId,
    /** SubjectPublicKeyInfo as PEM, as published at /.well-known/switchyard/receipt-key.pem. */
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    nextId: (): ReceiptId => o.ids.receipt(),
    issue: (content: Omit<Receipt, 'issued_at'>): Receipt => ({ ...content, issued_at: new Date(o.clock.now()).toISOString() }),
    sign: (receipt: Receipt): SignedReceipt => ({ receipt, ...signed(receipt) }),
    /** Anything else that we say, under `proof`. */
    signProof: <T extends Json>(proof: T): Readonly<{ proof: T }> & Signed => ({ proof, ...signed(proof) }),
    signUpdate: (update: ReceiptUpdate): SignedUpdate => ({ update, ...signed(update) }),
    /** What is said in another protocol's form, as a JWS in its compact serialisation (RFC 7515) by the same key. */
    jws(content: Json): string {
      const signing = `${header}.${base64Url(canonicalJson(content))}`
      return `${signing}.${sign(null, Buffer.from(signing), privateKey).toString('base64url')}`
    },
  }
}

/** True when the receipt, or a later entry of its chain, stands as it was signed by the owner of the public key. */
export function checkReceipt(signed: SignedReceipt | SignedUpdate, publicKeyPem: string): boolean {
  const bytes = canonicalBytes('receipt' in signed ? signed.receipt : signed.update)
  return bytes !== undefined && verify(null, bytes, createPublicKey(publicKeyPem), Buffer.from(signed.signature, 'base64url'))
}

/** Undefined for what has no canonical form, which nobody has signed. */
function canonicalBytes(signed: SignedReceipt['receipt'] | SignedUpdate['update']): Buffer | undefined {
  try {
    return Buffer.from(canonicalJson(signed))
  } catch {
    return undefined
  }
}
