import { type InnerList, isInnerList, parseItem } from 'structured-headers'
import { type Component, dictionaryIn, headerOf, refused, type SignedRequest, signatureBase } from './signatureBase.ts'

/** What is signed, and what is said of it. Times in seconds. `agent`: the Signature-Agent that the signature covers. */
export type AgentSignature = Readonly<{
  tag: string
  keyId: string
  nonce: string
  created: number
  expires: number
  covered: ReadonlySet<string>
  agent: string | undefined
  base: string
  signature: Uint8Array
}>

const SIGNATURES_MAX = 4
const COMPONENTS_MAX = 16
const NONCE = /^[\x20-\x7e]{8,128}$/
const SIGNATURE_BYTES = 64

/**
 * The one signature with one of these tags; undefined where there is none. Throws `agent_signature_invalid` for one that cannot be read, or that covers what
 * the request does not have.
 */
export function readSignature(request: SignedRequest, tags: readonly string[]): AgentSignature | undefined {
  const [inputText, signatureText] = [headerOf(request, 'signature-input'), headerOf(request, 'signature')]
  if (inputText === undefined && signatureText === undefined) return undefined
  if (inputText === undefined || signatureText === undefined) throw refused('Signature-Input and Signature belong together')
  const [inputs, signatures] = [dictionaryIn('Signature-Input', inputText), dictionaryIn('Signature', signatureText)]
  if (inputs.size > SIGNATURES_MAX) throw refused(`it has more than ${SIGNATURES_MAX} signatures`)
  if (inputs.size !== signatures.size || [...inputs.keys()].some((label) => !signatures.has(label)))
    throw refused('Signature-Input and Signature name different signatures')
  const ours = [...inputs].filter(([, member]) => isInnerList(member) && tags.includes(String(member[1].get('tag'))))
  const [first] = ours
  if (!first) return undefined
  if (ours.length > 1) throw refused('it has two signatures of agents; one says who is calling')
  const [label, input] = first
  const value = signatures.get(label)
  if (!value || isInnerList(value) || !(value[0] instanceof ArrayBuffer) || value[0].byteLength !== SIGNATURE_BYTES)
    throw refused(`the value of ${label} is no signature of Ed25519`)
  return { ...signedBy(request, input as InnerList), signature: new Uint8Array(value[0]) } // A list, as was looked at above.
}

function signedBy(request: SignedRequest, input: InnerList): Omit<AgentSignature, 'signature'> {
  const [components, parameters] = input
  if (components.length > COMPONENTS_MAX) throw refused(`it covers more than ${COMPONENTS_MAX} components`)
  const text = (name: string) => {
    const value = parameters.get(name)
    if (typeof value !== 'string') throw refused(`its ${name} is missing or no text`)
    return value
  }
  const seconds = (name: string) => {
    const value = parameters.get(name)
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw refused(`its ${name} is missing or no time`)
    return value
  }
  const alg = parameters.get('alg')
  if (alg !== undefined && alg !== 'ed25519') throw refused('its alg is not ed25519')
  const nonce = text('nonce')
  if (!NONCE.test(nonce)) throw refused('its nonce has not 8 to 128 letters')
  const covered = new Set(components.map(([name]) => String(name)))
  return {
    tag: text('tag'),
    keyId: text('keyid'),
    nonce,
    created: seconds('created'),
    expires: seconds('expires'),
    covered,
    agent: agentIn(request, components as unknown as readonly Component[]),
    base: signatureBase(request, input),
  }
}

/** The Signature-Agent that is covered: a member of the dictionary, or, as in earlier drafts, the whole header. */
function agentIn(request: SignedRequest, components: readonly Component[]): string | undefined {
  const covered = components.filter(([name]) => name === 'signature-agent')
  const [first] = covered
  if (!first) return undefined
  if (covered.length > 1) throw refused('it covers two agents')
  const text = headerOf(request, 'signature-agent') ?? ''
  const key = first[1].get('key')
  const item = key === undefined ? itemOf(text) : dictionaryIn('Signature-Agent', text).get(String(key))
  if (!item || isInnerList(item) || typeof item[0] !== 'string' || item[1].size > 0) throw refused('its Signature-Agent is no text')
  return item[0]
}

function itemOf(text: string) {
  try {
    return parseItem(text)
  } catch {
    throw refused('its Signature-Agent cannot be read')
  }
}
