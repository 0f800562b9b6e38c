import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type InnerList, parseDictionary } from 'structured-headers'
import { type AgentJwk, agentKeyOf } from '../../gateway/guard/agents/agentKey.ts'
import { signatureBase } from '../../gateway/guard/agents/signatureBase.ts'

/** A program with a key of its own, which signs what it asks for as Web Bot Auth says. */
export function signingAgent(address: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const jwk = publicKey.export({ format: 'jwk' }) as AgentJwk // A key of this kind.
  return { address, jwk, keyId: agentKeyOf(jwk).keyId, privateKey: createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })) }
}

type Signer = Readonly<{ address: string; keyId: string; privateKey: KeyObject }>

/** The headers of a signed request. `at`: seconds. */
export function signed({ address, keyId, privateKey }: Signer, o: Readonly<{ origin: string; url: string; method?: string; at?: number }>) {
  const at = o.at ?? Math.ceil(Date.now() / 1_000)
  const terms = `created=${at};expires=${at + 60};keyid="${keyId}";nonce="${crypto.randomUUID()}";tag="web-bot-auth"`
  const input = `sig=("@authority" "@path" "signature-agent";key="sig");${terms}`
  const agent = { 'signature-agent': `sig="${address}"` }
  const request = { method: o.method ?? 'GET', origin: o.origin, url: o.url, headers: agent }
  const base = signatureBase(request, parseDictionary(input).get('sig') as InnerList)
  return { ...agent, 'signature-input': input, signature: `sig=:${sign(null, Buffer.from(base), privateKey).toString('base64')}:` }
}
