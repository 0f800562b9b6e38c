import { bech32 } from '@scure/base'
import { addressUrl, readLightningAddress } from './lightningAddress.ts'

/** What an LNURL's scheme says that it is (LUD-17); undefined when only its answer will tell. */
type LnurlKind = 'pay' | 'withdraw' | 'auth'

type Lnurl = Readonly<{ url: URL; kind: LnurlKind | undefined }>

const SCHEMES: Readonly<Record<string, LnurlKind>> = { lnurlp: 'pay', lnurlw: 'withdraw', keyauth: 'auth' }
/** A URL that is longer is no payment code. */
const CHARACTERS_MAX = 2_000

/** A URL as bech32 text (LUD-01), in upper case as a QR code packs it best. */
export function encodeLnurl(url: URL | string): string {
  return bech32.encode('lnurl', bech32.toWords(Buffer.from(String(url))), false).toUpperCase()
}

/** The same URL with a scheme that says what it is (LUD-17). The scheme stands for https, so plain hosts keep theirs. */
export function schemeLnurl(url: URL, kind: LnurlKind): string {
  const scheme = Object.keys(SCHEMES).find((name) => SCHEMES[name] === kind)
  return url.protocol === 'https:' ? `${scheme}:${String(url).slice('https:'.length)}` : String(url)
}

/**
 * Reads whatever stands for an LNURL: bech32 with or without `lightning:` (LUD-01), a scheme of LUD-17, an https URL, one that carries
 * `lightning=LNURL...` as its fallback, or a Lightning Address (LUD-16). Undefined when it is none. `isPlain` names hosts that are called without TLS.
 */
export function readLnurl(text: string, isPlain: (host: string) => boolean): Lnurl | undefined {
  const bare = text.trim().replace(/^lightning:(?:\/\/)?/i, '')
  if (bare.length > CHARACTERS_MAX) return undefined
  const address = readLightningAddress(bare)
  if (address) return { url: addressUrl(address, isPlain(address.host)), kind: 'pay' }
  if (/^lnurl1/i.test(bare)) {
    const decoded = decodeBech32(bare)
    return decoded === undefined ? undefined : fromUrl(decoded)
  }
  const scheme = /^(lnurlp|lnurlw|keyauth):(?:\/\/)?(.+)$/i.exec(bare)
  if (scheme) {
    const rest = scheme[2]!
    const secure = urlOf(`https://${rest}`)
    const url = secure && isPlain(secure.host) ? urlOf(`http://${rest}`) : secure
    return url && { url, kind: SCHEMES[scheme[1]!.toLowerCase()]! }
  }
  return /^https?:\/\//i.test(bare) ? fromUrl(bare) : undefined
}

function decodeBech32(text: string): string | undefined {
  // The text may be as long as a URL; BIP 173's limit of 90 characters is for addresses.
  const decoded = bech32.decodeUnsafe(text, false)
  if (decoded?.prefix !== 'lnurl') return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bech32.fromWords(decoded.words))
  } catch {
    return undefined
  }
}

function fromUrl(text: string): Lnurl | undefined {
  const url = urlOf(text)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined
  const fallback = url.searchParams.get('lightning')
  if (fallback && /^lnurl1/i.test(fallback)) {
    const inner = decodeBech32(fallback)
    const innerUrl = inner === undefined ? undefined : urlOf(inner)
    return innerUrl && { url: innerUrl, kind: kindOf(innerUrl) }
  }
  return { url, kind: kindOf(url) }
}

/** LUD-04: a login says so in its own URL, because it must not be fetched before the user agrees. */
function kindOf(url: URL): LnurlKind | undefined {
  return url.searchParams.get('tag') === 'login' ? 'auth' : undefined
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}
