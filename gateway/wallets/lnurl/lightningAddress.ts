/** A Lightning Address (LUD-16): `name@host`, with a port where the host has one. Always lower case. */
type LightningAddress = Readonly<{ name: string; host: string }>

const NAME = /^[a-z0-9._-]{1,64}(?:\+[a-z0-9._-]{1,64})?$/
/** Labels of letters, digits and hyphens (RFC 1123), and a port; which hosts may be called is not decided here. */
const HOST = /^(?=.{1,253}(?::|$))(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*(?::[1-9][0-9]{0,4})?$/

/** Reads `name@host`, or undefined. Names are case-insensitive in practice; LUD-16 wants them in lower case. */
export function readLightningAddress(text: string): LightningAddress | undefined {
  const [name = '', host = '', ...rest] = text.trim().toLowerCase().split('@')
  return rest.length === 0 && NAME.test(name) && HOST.test(host) ? { name, host } : undefined
}

export function showLightningAddress({ name, host }: LightningAddress): string {
  return `${name}@${host}`
}

/** Where the address is served (LUD-16). `plain` hosts, which the operator has named, are called without TLS. */
export function addressUrl({ name, host }: LightningAddress, plain: boolean): URL {
  return new URL(`${plain ? 'http' : 'https'}://${host}/.well-known/lnurlp/${encodeURIComponent(name)}`)
}
