import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Clock } from '../../ports/clock.ts'

/** How long somebody may look for the device. */
const LIFE_MS = 300_000
/** Logins with one passkey within `LIFE_MS`, each with a signature that was good: they are remembered, so that none is good twice. */
const USED_MAX = 50
/** ES256, EdDSA, RS256: what every device has one of. */
const ALGORITHMS = [-7, -8, -257] as const

/** Where a browser sees this gateway: `host`, without a port, is what a passkey is bound to. */
export type Place = Readonly<{ origin: string; host: string }>
/** What a device answered to `addOptions`, from the browser of this session, at this place. */
export type AddedBy = Readonly<{ response: RegistrationResponseJSON; session: string; place: Place }>
/** What it answered to `loginOptions`. */
export type Signed = Readonly<{ response: AuthenticationResponseJSON; place: Place }>
type Known = Readonly<{ credential: string; publicKey: string; counter: number }>

/** The words between a browser's device and us (WebAuthn Level 3). What is asked is not kept: a challenge carries its own proof, and is good once. */
export function ceremonies({ clock }: Readonly<{ clock: Clock }>) {
  const challenges = createChallenges(clock)
  return {
    addOptions: (o: Readonly<{ who: string; keyHash: string; known: readonly string[]; session: string; place: Place }>) => ({
      rp: { name: 'Switchyard', id: o.place.host },
      // One for each API key on one device: the next takes the place of the one before.
      user: { id: createHash('sha256').update(`passkey:${o.keyHash}`).digest('base64url'), name: o.who, displayName: o.who },
      challenge: challenges.next(o.session),
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: o.known.map((id) => ({ type: 'public-key', id })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
      timeout: LIFE_MS,
    }),
    loginOptions: ({ host }: Place) => ({ challenge: challenges.next(''), rpId: host, userVerification: 'required', timeout: LIFE_MS }),
    /** The new credential. Refuses with `passkey_refused`. */
    async readAdded({ response, session, place }: AddedBy): Promise<Known> {
      const { verifyRegistrationResponse } = await library()
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response,
        expectedChallenge: (challenge) => challenges.isGood(challenge, session),
        expectedOrigin: place.origin,
        expectedRPID: place.host,
        supportedAlgorithmIDs: [...ALGORITHMS],
      }).catch((error: Error) => {
        throw refused(error.message)
      })
      if (!verified) throw refused('it was not signed by the device')
      const { id, publicKey, counter } = registrationInfo.credential
      return { credential: id, publicKey: Buffer.from(publicKey).toString('base64url'), counter }
    },
    /** What a login says that this passkey has signed; undefined where it has not, or where the same was sent before. */
    async readSigned(
      { response, place }: Signed,
      { credential, publicKey, counter }: Known,
    ): Promise<Readonly<{ counter: number }> | undefined> {
      const { verifyAuthenticationResponse } = await library()
      let challenge = ''
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response,
        expectedChallenge: (sent) => {
          challenge = sent
          return challenges.isGood(sent, '')
        },
        expectedOrigin: place.origin,
        expectedRPID: place.host,
        credential: { id: credential, publicKey: Buffer.from(publicKey, 'base64url'), counter },
      }).catch(() => ({ verified: false, authenticationInfo: undefined }))
      if (!verified || !authenticationInfo || !challenges.use(challenge, credential)) return undefined
      return { counter: authenticationInfo.newCounter }
    },
  }
}

/** Loaded by the first who has a passkey: it takes a quarter of a second and 26 MB. */
const library = () => import('@simplewebauthn/server')

function refused(why: string): GatewayError {
  return new GatewayError('passkey_refused', `The passkey was not taken: ${why.slice(0, 200)}`)
}

/** Challenges that are good for `LIFE_MS` and for what they were made for; a restart ends them all. */
function createChallenges(clock: Clock) {
  const secret = randomBytes(32)
  const used = new Map<string, Map<string, number>>()
  const proofOf = (body: Buffer, purpose: string) => createHmac('sha256', secret).update(body).update(purpose).digest()

  function readUntil(challenge: string, purpose: string): number | undefined {
    const bytes = Buffer.from(challenge, 'base64url')
    if (bytes.length !== 56) return undefined
    const body = bytes.subarray(0, 24)
    return timingSafeEqual(bytes.subarray(24), proofOf(body, purpose)) ? Number(body.readBigUInt64BE(0)) : undefined // not money: a time
  }

  return {
    next(purpose: string): string {
      const until = Buffer.alloc(8)
      until.writeBigUInt64BE(BigInt(clock.now() + LIFE_MS))
      const body = Buffer.concat([until, randomBytes(16)])
      return Buffer.concat([body, proofOf(body, purpose)]).toString('base64url')
    },
    isGood(challenge: string, purpose: string): boolean {
      const until = readUntil(challenge, purpose)
      return until !== undefined && until > clock.now()
    },
    /** Once for each, after a signature of this credential over it was found good. */
    use(challenge: string, credential: string): boolean {
      const now = clock.now()
      const before = [...(used.get(credential) ?? [])].filter(([, until]) => until > now)
      if (before.length >= USED_MAX || before.some(([one]) => one === challenge)) return false
      used.set(credential, new Map([...before, [challenge, now + LIFE_MS]]))
      return true
    },
  }
}
