import { createPrivateKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { Client } from 'mppx/attestation/web-bot-auth'
import { type InnerList, parseDictionary } from 'structured-headers'
import { beforeEach, describe, expect, test } from 'vitest'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import type { PublicHttp } from '../../ports/publicHttp.ts'
import { type AgentJwk, agentKeyOf } from './agentKey.ts'
import { type AgentSettings, createAgents } from './agents.ts'
import { type SignedRequest, signatureBase } from './signatureBase.ts'

// The key of RFC 9421, appendix B.1.4.
const X = 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs'
const D = 'n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU'
const JWK: AgentJwk = { kty: 'OKP', crv: 'Ed25519', x: X }
const PRIVATE = createPrivateKey({ key: { ...JWK, d: D }, format: 'jwk' })
const THUMBPRINT = 'poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U'
const AGENT = 'https://signature-agent.test'
const DIRECTORY = `${AGENT}/.well-known/http-message-signatures-directory`
const ORIGIN = 'https://example.com'

let now = 1_800_000_000_000
let served: Record<string, { status?: number; body: string; at?: string }>
let asked: string[]
beforeEach(() => {
  now = 1_800_000_000_000
  asked = []
  served = { [DIRECTORY]: { body: JSON.stringify({ keys: [{ ...JWK, kid: THUMBPRINT }] }) } }
})

const http: PublicHttp = {
  isLocal: () => false,
  async get(url) {
    asked.push(url.href)
    const answer = served[url.href]
    if (!answer) throw new GatewayError('destination_unreachable', `${url.host} does not answer`)
    return { status: answer.status ?? 200, url: new URL(answer.at ?? url.href), body: answer.body }
  },
}

const agentsOf = (settings: Partial<AgentSettings> = { directories: [AGENT] }) =>
  createAgents({ settings: { directories: [], keys: [], ...settings }, http, clock: { now: () => now }, log: () => {} })

type Signing = Partial<{
  key: KeyObject
  keyId: string
  tag: string
  created: number
  expires: number
  nonce: string
  more: string
  components: string
  agent: string
  label: string
  request: Partial<SignedRequest>
  /** What is signed in its place. */
  signed: Partial<SignedRequest>
}>

/** A request as an agent signs it, by hand, so that each part can be wrong. */
function signedRequest(o: Signing = {}): SignedRequest {
  const { label = 'sig1', created = now / 1_000, agent = `${label}="${AGENT}"` } = o
  const { components = `"@authority" "signature-agent";key="${label}"`, expires = created + 60, nonce = crypto.randomUUID() } = o
  const plain = { method: 'GET', origin: ORIGIN, url: '/joke?n=1', headers: agent === '' ? {} : { 'signature-agent': agent }, ...o.request }
  const times = `created=${created};expires=${expires}`
  const terms = `(${components});${times};keyid="${o.keyId ?? THUMBPRINT}";nonce="${nonce}";tag="${o.tag ?? 'web-bot-auth'}"${o.more ?? ''}`
  const input = `${label}=${terms}`
  const list = parseDictionary(input).get(label) as InnerList
  let base = 'nothing that can be covered'
  try {
    base = signatureBase({ ...plain, ...o.signed }, list)
  } catch (error) {
    if (!isGatewayError(error)) throw error
  }
  const signature = `${label}=:${sign(null, Buffer.from(base), o.key ?? PRIVATE).toString('base64')}:`
  return { ...plain, headers: { 'signature-input': input, signature, ...plain.headers } }
}

const ask = (request: SignedRequest, agents = agentsOf(), use: string = crypto.randomUUID()) => agents.of({ ...request, use })
const invalid = (words: RegExp) => expect.objectContaining({ code: 'agent_signature_invalid', message: expect.stringMatching(words) })

describe('published vectors', () => {
  test('RFC 9421, B.2.6: what is signed, and that it is', () => {
    const input = '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"'
    const base = signatureBase(
      {
        method: 'POST',
        origin: ORIGIN,
        url: '/foo?param=Value&Pet=dog',
        headers: { date: 'Tue, 20 Apr 2021 02:07:55 GMT', 'content-type': 'application/json', 'content-length': '18' },
      },
      parseDictionary(`sig-b26=${input}`).get('sig-b26') as InnerList,
    )
    expect(base.split('\n')).toEqual([
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@method": POST',
      '"@path": /foo',
      '"@authority": example.com',
      '"content-type": application/json',
      '"content-length": 18',
      `"@signature-params": ${input}`,
    ])
    const signature = 'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=='
    expect(verify(null, Buffer.from(base), agentKeyOf(JWK).key, Buffer.from(signature, 'base64'))).toBe(true)
  })

  test.each([
    [
      'sig1',
      '("@authority");created=1735689600;keyid="poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U";alg="ed25519";expires=4889289600;nonce="zIW8+cdmA3vdYagbxojpONwa/l0EKJ/O3/wD486VvsQjO/RxPaSt6ZxvQaMcQzNnqKN/mQ6hpGiFro2L2qkz5A==";tag="web-bot-auth"',
      'QKN4fTdIYfh82fvoZCQiQA1weuozfCS/Led2zTMbewMMqH8PI2Wsy/5c4ao6B6D09nraNQdBNOADg8aM1MqfCg==',
    ],
    [
      'sig2',
      '("@authority" "signature-agent";key="agent2");created=1735689600;keyid="poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U";alg="ed25519";expires=4889289600;nonce="n9p433xm+NJ3ph3upfBIGmsuwHw387YV7Q/F+6BSpGCVjYCqQw6rznNA8PVVLySrAWsv0hQtFioQb6E1YsauiA==";tag="web-bot-auth"',
      'RdNFx5Bj6au3YgAMQL/RzmUlZE8QZLIaXGRpw985hWnwPfMxT228NMk6ehRS1PSl4e8PhbNZACSanGdhEwYCCg==',
    ],
  ])('of the Web Bot Auth draft: %s', (label, input, signature) => {
    const list = parseDictionary(`${label}=${input}`).get(label) as InnerList
    const headers = { 'signature-agent': 'agent2="https://signature-agent.test"' }
    const base = signatureBase({ method: 'GET', origin: ORIGIN, url: '/path/to/resource', headers }, list)
    expect(verify(null, Buffer.from(base), agentKeyOf(JWK).key, Buffer.from(signature, 'base64'))).toBe(true)
  })

  test('RFC 8037, A.3: the name of a key', () => {
    expect(agentKeyOf({ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }).keyId).toBe(
      'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
    )
  })
})

describe('who is calling', () => {
  test('is said by the signer of mppx as it is', async () => {
    now = Date.now()
    const key = await crypto.subtle.importKey('jwk', { ...JWK, d: D }, 'Ed25519', false, ['sign'])
    const signer = Client.signer({ key, keyId: THUMBPRINT, signatureAgent: AGENT })
    const agents = agentsOf()
    const context = { created: Math.ceil(Date.now() / 1_000), nonce: crypto.randomUUID() }
    const request = await signer.sign(new Request(`${ORIGIN}/joke`), context)
    const headers = Object.fromEntries(request.headers)
    expect(await ask({ method: 'GET', origin: ORIGIN, url: '/joke', headers }, agents)).toBe(AGENT)
    await expect(ask({ method: 'GET', origin: 'https://other.example', url: '/joke', headers }, agentsOf())).rejects.toThrow(
      invalid(/did not sign this/),
    )
  })

  test('is the address of a directory that the operator has named, and no other is asked', async () => {
    expect(await ask(signedRequest())).toBe(AGENT)
    expect(asked).toEqual([DIRECTORY])
    const other = signedRequest({ agent: 'sig1="https://169.254.169.254/latest"' })
    await expect(ask(other)).rejects.toThrow(invalid(/no agent that is known/))
    expect(asked).toEqual([DIRECTORY])
  })

  test('is a key that was handed over, by its name or as its agent', async () => {
    expect(await ask(signedRequest(), agentsOf({ keys: [{ name: 'one', jwk: JWK }] }))).toBe('key:one')
    expect(await ask(signedRequest(), agentsOf({ keys: [{ name: 'one', jwk: JWK, agent: AGENT }] }))).toBe(AGENT)
    const other = agentsOf({ keys: [{ name: 'one', jwk: JWK, agent: 'https://other.test' }] })
    await expect(ask(signedRequest(), other)).rejects.toThrow(invalid(/no agent that is known/))
    expect(asked).toEqual([])
  })

  test('is said by the earlier form of Signature-Agent too', async () => {
    expect(await ask(signedRequest({ agent: `"${AGENT}"`, components: '"@authority" "signature-agent"' }))).toBe(AGENT)
  })

  test.each(['agent-browser-auth', 'agent-payer-auth'])('is said by the profile of card schemes: %s', async (tag) => {
    const agents = agentsOf({ keys: [{ name: 'card', jwk: JWK, keyId: 'their-name' }] })
    const o = { tag, keyId: 'their-name', agent: '', components: '"@authority" "@path"' }
    expect(await ask(signedRequest(o), agents)).toBe('key:card')
    await expect(ask(signedRequest({ ...o, expires: now / 1_000 + 481 }), agents)).rejects.toThrow(invalid(/longer than 480 s/))
    await expect(ask(signedRequest({ ...o, components: '"@authority"' }), agents)).rejects.toThrow(invalid(/@path/))
  })

  test('is nobody where nothing is signed, or something else is', async () => {
    expect(await ask({ method: 'GET', origin: ORIGIN, url: '/joke', headers: {} })).toBeUndefined()
    expect(await ask(signedRequest({ tag: 'another-use' }))).toBeUndefined()
  })

  test('may cover more: method, path, query, target and other headers', async () => {
    const components = '"@method" "@target-uri" "@path" "@query" "@scheme" "@request-target" "content-type" "signature-agent";key="sig1"'
    const headers = { 'signature-agent': `sig1="${AGENT}"`, 'content-type': 'application/json' }
    expect(await ask(signedRequest({ components, request: { headers } }))).toBe(AGENT)
    const moved = signedRequest({ components, request: { headers }, signed: { url: '/joke?n=2' } })
    await expect(ask(moved)).rejects.toThrow(invalid(/did not sign this/))
  })
})

describe('a signature is refused', () => {
  const other = generateKeyPairSync('ed25519').privateKey
  const t = 1_800_000_000
  const rows: readonly (readonly [string, RegExp, Signing])[] = [
    ['of another key', /did not sign this/, { key: other }],
    ['for another host', /did not sign this/, { signed: { origin: 'https://other.example' } }],
    ['with another agent than was signed', /did not sign this/, { signed: { headers: { 'signature-agent': 'sig1="https://x.test"' } } }],
    ['that covers no host', /@authority/, { components: '"signature-agent";key="sig1"' }],
    ['that covers no agent', /signature-agent/, { components: '"@authority"' }],
    ['that covers a member which is not there', /no text/, { components: '"@authority" "signature-agent";key="sig9"' }],
    ['that covers two agents', /two agents/, { components: '"@authority" "signature-agent";key="sig1" "signature-agent"' }],
    ['that covers something twice', /twice/, { components: '"@authority" "@authority" "signature-agent";key="sig1"' }],
    ['that covers a header which is not there', /did not come along/, { components: '"@authority" "digest" "signature-agent";key="sig1"' }],
    [
      'that covers a header of a name that every object has',
      /did not come along/,
      { components: '"@authority" "constructor" "signature-agent";key="sig1"' },
    ],
    ['that covers a header of the name of what objects are made of', /did not come along/, { components: '"@authority" "__proto__"' }],
    ['that covers what is not looked at', /not looked at/, { components: '"@authority" "@status" "signature-agent";key="sig1"' }],
    ['that covers a part with parameters', /with parameters/, { components: '"@authority";req "signature-agent";key="sig1"' }],
    ['that covers a great deal', /more than 16/, { components: Array.from({ length: 17 }, (_, n) => `"a${n}"`).join(' ') }],
    ['that has ended', /has ended/, { created: t - 60, expires: t }],
    ['that was made in the future', /in the future/, { created: t + 31 }],
    ['that lasts long', /longer than 3600 s/, { expires: t + 3_601 }],
    ['that lasts no time', /has ended/, { expires: t - 1 }],
    ['of before the gateway began', /older than this gateway/, { created: t - 1, expires: t + 60 }],
    ['with a short nonce', /nonce/, { nonce: '1234567' }],
    ['with a long nonce', /nonce/, { nonce: 'n'.repeat(129) }],
    ['of another algorithm', /alg/, { more: ';alg="hmac-sha256"' }],
    ['whose key has another name', /no agent that is known/, { keyId: 'x'.repeat(43) }],
    ['of an agent over plain http', /no agent that is known/, { agent: 'sig1="http://signature-agent.test"' }],
    ['of an agent with a login', /no agent that is known/, { agent: 'sig1="https://a:b@signature-agent.test"' }],
    ['of an agent at another path', /no agent that is known/, { agent: 'sig1="https://signature-agent.test/other"' }],
    ['of an agent with parameters', /no text/, { agent: `sig1="${AGENT}";type=directory` }],
    ['of an agent that is no text', /no text/, { agent: 'sig1=agent' }],
    ['of an agent that cannot be read', /cannot be read/, { agent: 'sig1="', components: '"@authority" "signature-agent"' }],
  ]
  test.each(rows)('%s', async (_, words, o) => {
    await expect(ask(signedRequest(o))).rejects.toThrow(invalid(words))
  })

  const altered = (change: (headers: Record<string, string>) => Record<string, string | undefined>): SignedRequest => {
    const request = signedRequest()
    return { ...request, headers: change(request.headers as Record<string, string>) }
  }
  test.each<readonly [string, RegExp, (h: Record<string, string>) => Record<string, string | undefined>]>([
    ['without its value', /belong together/, (h) => ({ ...h, signature: undefined })],
    ['without its terms', /belong together/, (h) => ({ ...h, 'signature-input': undefined })],
    ['of another name', /different signatures/, (h) => ({ ...h, signature: h.signature!.replace('sig1', 'sig2') })],
    ['that cannot be read', /cannot be read/, (h) => ({ ...h, 'signature-input': h['signature-input']!.replace(')', '') })],
    ['that is short', /no signature of Ed25519/, (h) => ({ ...h, signature: 'sig1=:AAAA:' })],
    ['that is a text', /no signature of Ed25519/, (h) => ({ ...h, signature: 'sig1="AAAA"' })],
    ['that is long', /too long/, (h) => ({ ...h, 'signature-input': `${h['signature-input']};x="${'x'.repeat(4_096)}"` })],
    ['without a nonce', /nonce/, (h) => ({ ...h, 'signature-input': h['signature-input']!.replace(/;nonce="[^"]*"/, '') })],
    ['without an end', /expires/, (h) => ({ ...h, 'signature-input': h['signature-input']!.replace(/;expires=\d+/, '') })],
    [
      'with an end that is a text',
      /expires/,
      (h) => ({ ...h, 'signature-input': h['signature-input']!.replace(/;expires=(\d+)/, ';expires="$1"') }),
    ],
    [
      'beside another of an agent',
      /two signatures/,
      (h) => ({
        ...h,
        signature: `${h.signature}, ${h.signature!.replace('sig1', 'sig2')}`,
        'signature-input': `${h['signature-input']}, ${h['signature-input']!.replace('sig1=', 'sig2=')}`,
      }),
    ],
    [
      'among many',
      /more than 4/,
      (h) => ({
        ...h,
        signature: Array.from({ length: 5 }, (_, n) => h.signature!.replace('sig1', `s${n}`)).join(', '),
        'signature-input': Array.from({ length: 5 }, (_, n) => h['signature-input']!.replace('sig1=', `s${n}=`)).join(', '),
      }),
    ],
  ])('%s', async (_, words, change) => {
    await expect(ask(altered(change) as SignedRequest)).rejects.toThrow(invalid(words))
  })

  test('when its nonce was used for another request, and not when the same is asked again', async () => {
    const [agents, request] = [agentsOf(), signedRequest()]
    expect(await ask(request, agents, 'one')).toBe(AGENT)
    expect(await ask(request, agents, 'one')).toBe(AGENT)
    await expect(ask(request, agents, 'two')).rejects.toThrow(invalid(/nonce was used/))
  })

  test('when its key has ended or not begun', async () => {
    for (const terms of [{ exp: now / 1_000 }, { nbf: now / 1_000 + 1 }]) {
      served = { [DIRECTORY]: { body: JSON.stringify({ keys: [{ ...JWK, ...terms }] }) } }
      await expect(ask(signedRequest())).rejects.toThrow(invalid(/does not count now/))
    }
  })
})

describe('a directory', () => {
  test('is asked once for many, and again in an hour', async () => {
    const agents = agentsOf()
    await Promise.all(Array.from({ length: 20 }, () => ask(signedRequest(), agents)))
    expect(asked).toHaveLength(1)
    now += 3_600_000
    await ask(signedRequest(), agents)
    expect(asked).toHaveLength(2)
  })

  test('is asked for a key that it had not once a minute, whoever names it', async () => {
    const agents = agentsOf()
    for (let n = 0; n < 20; n++)
      await expect(ask(signedRequest({ keyId: `${n}`.padEnd(43, 'x') }), agents)).rejects.toThrow(invalid(/known/))
    expect(asked).toHaveLength(1)
  })

  test('counts for a day where it does not answer any more, and a key that was taken out does not', async () => {
    const agents = agentsOf()
    await ask(signedRequest(), agents)
    const before = served
    served = {}
    now += 3_600_000
    expect(await ask(signedRequest(), agents)).toBe(AGENT)
    now += 86_400_000
    await expect(ask(signedRequest(), agents)).rejects.toThrow(invalid(/known/))
    served = { ...before, [DIRECTORY]: { body: '{"keys": []}' } }
    now += 60_000
    await expect(ask(signedRequest(), agents)).rejects.toThrow(invalid(/known/))
  })

  test('may be another address than the well-known one, which is then asked itself', async () => {
    const jwks = `${AGENT}/jwks.json`
    served = { [jwks]: { body: JSON.stringify({ keys: [{ ...JWK, kid: 'their-name' }] }) } }
    expect(await ask(signedRequest({ agent: `sig1="${jwks}"` }), agentsOf({ directories: [jwks] }))).toBe(jwks)
    expect(asked).toEqual([jwks])
  })

  test.each<readonly [string, { status?: number; body: string; at?: string }]>([
    ['answers anything but 200', { status: 404, body: JSON.stringify({ keys: [JWK] }) }],
    ['sends on to another host', { body: JSON.stringify({ keys: [JWK] }), at: 'https://evil.test/keys' }],
    ['is no JSON', { body: '<html>' }],
    ['is another JSON', { body: '[]' }],
    ['has too many keys', { body: JSON.stringify({ keys: Array.from({ length: 101 }, () => JWK) }) }],
    ['calls the key by another name', { body: JSON.stringify({ keys: [{ ...JWK, kid: 'another' }] }) }],
    ['has a key of another kind', { body: JSON.stringify({ keys: [{ ...JWK, crv: 'X25519' }] }) }],
    ['has a key that is none', { body: JSON.stringify({ keys: [{ ...JWK, x: 'short' }] }) }],
  ])('that %s is none', async (_, answer) => {
    served = { [DIRECTORY]: answer }
    await expect(ask(signedRequest())).rejects.toThrow(invalid(/no agent that is known/))
  })

  test('with one key that is none has its others', async () => {
    served = { [DIRECTORY]: { body: JSON.stringify({ keys: [{ kty: 'RSA' }, null, JWK] }) } }
    expect(await ask(signedRequest())).toBe(AGENT)
  })
})
