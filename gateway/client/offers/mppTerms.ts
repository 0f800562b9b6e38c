import { type AuthChallenge, authChallenges } from './authChallenges.ts'
import { fromBase64Json } from './bytes.ts'

/** What a challenge of the Payment scheme must say, and what it may (draft-httpauth-payment, section 5.1; `header` is mppx's). */
const MUST = ['id', 'realm', 'method', 'intent', 'request'] as const
const MAY = ['expires', 'digest', 'opaque', 'description', 'header'] as const

/** A challenge as it was written, of any method; `body` is what its `request` holds. */
export type MppTerms = Readonly<Record<(typeof MUST)[number], string>> &
  Readonly<Partial<Record<(typeof MAY)[number], string>>> &
  Readonly<{ body: unknown }>

/** Reads the first challenge of the Payment scheme in a `WWW-Authenticate` header; undefined when it has none, or one that says too little or a thing twice. */
export function readMppChallenge(header: string): MppTerms | undefined {
  const challenge = authChallenges(header).find(({ scheme }) => scheme === 'payment')
  return challenge && mppTermsIn(challenge)
}

/** What a challenge of the Payment scheme says; undefined when it says too little or a thing twice. */
export function mppTermsIn({ params, isRepeated }: AuthChallenge): MppTerms | undefined {
  const [id, realm, method, intent, request] = MUST.map((name) => params.get(name))
  if (isRepeated || !id || realm === undefined || !method || !intent || !request) return undefined
  const body = fromBase64Json(request)
  if (body === undefined) return undefined
  const may = Object.fromEntries(MAY.flatMap((name) => (params.has(name) ? [[name, params.get(name)!]] : [])))
  return { id, realm, method, intent, request, ...may, body }
}
