/** Where no TLS is, on a local network, a cookie can be neither `Secure` nor named as one that is. */
type Place = Readonly<{ secure: boolean }>

const nameAt = ({ secure }: Place): string => (secure ? '__Host-switchyard' : 'switchyard')

/** The session that a browser names, from its `Cookie` header. */
export function readCookie(header: string | undefined, place: Place): string | undefined {
  const name = nameAt(place)
  const found = header?.split(/; */).find((pair) => pair.startsWith(`${name}=`))
  const value = found?.slice(name.length + 1)
  return value !== undefined && /^[A-Za-z0-9_-]{20,100}$/.test(value) ? value : undefined
}

/** For as long as the browser is open; the session's own end is here. Not sent along from other sites, and no script reads it. */
export function writeCookie(value: string, place: Place): string {
  return `${nameAt(place)}=${value}; Path=/; HttpOnly; SameSite=Strict${place.secure ? '; Secure' : ''}`
}

/** Takes it away. */
export function endCookie(place: Place): string {
  return `${writeCookie('', place)}; Max-Age=0`
}
