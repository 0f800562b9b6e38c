import { GatewayError } from '../../errors/gatewayError.ts'
import { createInTurn } from '../../ledger/process/inTurn.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { KeyId } from '../../ports/ids.ts'
import { readKeyFact } from '../keys/facts.ts'
import { type AddedBy, ceremonies, type Place, type Signed } from './ceremonies.ts'
import { type PasskeyFact, type PasskeyId, readPasskeyFact, toPasskeyFact } from './facts.ts'

/** Of one API key. */
const PASSKEYS_MAX = 10
/** How new a login must be that adds one. */
const FRESH_MS = 15 * 60_000

/** What stands for an API key on a device. Its fields as its fact has them; `createdAt` in ms. */
export type Passkey = Readonly<{
  id: PasskeyId
  credential: string
  publicKey: string
  counter: number
  keyHash: string
  key: KeyId | undefined
  holder: string
  name: string
  createdAt: number
}>

/** Whose it is to be: the API key that the browser is logged in with. `from`: its address. */
type Owner = Readonly<{ keyHash: string; key: KeyId | undefined; holder: string; from: string }>

export type Passkeys = ReturnType<typeof createPasskeys>

/** The register of passkeys. One ends with the key that it stands for. Make it before the books start. */
export function createPasskeys({ books, clock, ids }: Readonly<{ books: Books; clock: Clock; ids: IdSource }>) {
  const { byId, ofKey, ofCredential } = passkeyRecords(books)
  const made = ceremonies({ clock })
  const inTurn = createInTurn()

  return {
    /** Those of an API key, in the order in which they were added. */
    ofKey,
    /** What a browser asks its device to make a new one with. `who`: the name that people see there. `session`: what the answer has to come from. */
    addOptions: (owner: Pick<Owner, 'keyHash'>, o: Readonly<{ who: string; session: string; place: Place }>) =>
      made.addOptions({ ...o, ...owner, known: ofKey(owner.keyHash).map(({ credential }) => credential) }),
    /** What it asks for at the login, of whoever is there. */
    loginOptions: made.loginOptions,
    /**
     * Keeps a new one. `openedAt`: when its browser logged in. Refuses with `passkey_refused` what the device did not sign so, and a browser that somebody may
     * have left behind; with `too_many_keys` above 10 of a key.
     */
    async add(owner: Owner, { name, openedAt, answer }: Readonly<{ name: string; openedAt: number; answer: AddedBy }>): Promise<void> {
      if (clock.now() - openedAt > FRESH_MS)
        throw new GatewayError('passkey_refused', 'This login is older than 15 minutes: log in again first')
      const { key, ...rest } = owner
      const device = await made.readAdded(answer)
      const claims = [{ key: `passkey:${device.credential}`, fingerprint: owner.keyHash }]
      const data = { ...device, ...rest, ...(key ? { key } : {}), name }
      // One after the other, so that many at once are no more than ten.
      await inTurn(owner.keyHash, async () => {
        if (ofKey(owner.keyHash).length >= PASSKEYS_MAX) throw new GatewayError('too_many_keys', `This key has ${PASSKEYS_MAX} passkeys`)
        const fact = toPasskeyFact({ type: 'passkey.added', id: ids.next('psk_'), at: clock.now(), data })
        // Sent twice, it is added once.
        await submitUntilKnown(books, { claims, facts: [fact] })
      })
    },
    /** The passkey that has signed for a login, once. Undefined where it is not known here or did not sign so. */
    async loggedIn(answer: Signed): Promise<Passkey | undefined> {
      const passkey = ofCredential(answer.response.id)
      const signed = passkey && (await made.readSigned(answer, passkey))
      if (!passkey || !signed) return undefined
      if (signed.counter > 0) {
        const fact = toPasskeyFact({ type: 'passkey.counted', id: passkey.id, at: clock.now(), data: { counter: signed.counter } })
        await submitUntilKnown(books, { claims: [], facts: [fact] })
      }
      return passkey
    },
    /** Takes one of an API key away; one that is not there any more stays so. */
    async remove(id: string, { keyHash, from }: Pick<Owner, 'keyHash' | 'from'>): Promise<void> {
      const passkey = byId.get(id)
      if (passkey?.keyHash !== keyHash) return
      const fact = toPasskeyFact({ type: 'passkey.removed', id: passkey.id, at: clock.now(), data: { from } })
      await submitUntilKnown(books, { claims: [], facts: [fact] })
    },
  }
}

function passkeyRecords(books: Books) {
  const byId = new Map<string, Passkey>()
  const byCredential = new Map<string, string>()
  /** By the hash of the API key, and by its id where it has one. */
  const byKey = new Map<string, Set<string>>()

  const keysOf = ({ keyHash, key }: Passkey) => (key ? [keyHash, key] : [keyHash])

  function index(passkey: Passkey): void {
    byCredential.set(passkey.credential, passkey.id)
    for (const key of keysOf(passkey)) {
      const others = byKey.get(key)
      if (others) others.add(passkey.id)
      else byKey.set(key, new Set([passkey.id]))
    }
  }

  function drop(passkey: Passkey): void {
    byId.delete(passkey.id)
    byCredential.delete(passkey.credential)
    for (const key of keysOf(passkey)) {
      byKey.get(key)?.delete(passkey.id)
      if (byKey.get(key)?.size === 0) byKey.delete(key)
    }
  }

  const ofKey = (key: string): Passkey[] => [...(byKey.get(key) ?? [])].flatMap((id) => byId.get(id) ?? [])

  function add(passkey: Passkey): void {
    byId.set(passkey.id, passkey)
    index(passkey)
  }

  function change(known: PasskeyFact): void {
    if (known.type === 'passkey.added') add(passkeyOf(known))
    const before = byId.get(known.id)
    if (before && known.type === 'passkey.removed') drop(before)
    if (before && known.type === 'passkey.counted') byId.set(known.id, { ...before, counter: known.data.counter })
  }

  books.remember({
    name: 'parties.passkeys',
    form: 1,
    tables: { byId },
    apply(fact) {
      const known = readPasskeyFact(fact)
      if (known) change(known)
      const ended = readKeyFact(fact)
      if (ended?.type === 'key.ended') for (const passkey of ofKey(ended.id)) drop(passkey)
    },
    derive() {
      byCredential.clear()
      byKey.clear()
      for (const passkey of byId.values()) index(passkey)
    },
  })

  return { byId, ofKey, ofCredential: (credential: string): Passkey | undefined => byId.get(byCredential.get(credential) ?? '') }
}

function passkeyOf({ id, at, data }: Extract<PasskeyFact, { type: 'passkey.added' }>): Passkey {
  const { credential, publicKey, counter, keyHash, key, holder, name } = data
  return { id, credential, publicKey, counter, keyHash, key, holder, name, createdAt: at }
}
