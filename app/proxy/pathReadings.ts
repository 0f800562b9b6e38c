/** Servers that decode a path more often than this are none that we know. */
const DECODED_MAX = 3

/** The path of a request as it was sent; undefined for what is no path, such as a whole URL or `*`. */
export function pathOf(target: string): string | undefined {
  return target.startsWith('/') ? target.split(/[?#]/, 1)[0] : undefined
}

/**
 * The path as the most generous server would read it: decoded to the end, with every kind of slash as one and without what follows a semicolon. Undefined
 * where it climbs or cannot be shown, for then nobody can say what a service makes of it.
 */
export function generousReading(path: string): string | undefined {
  const text = decoded(path)
  if (text === undefined) return undefined
  const segments = text
    .replaceAll('\\', '/')
    .split('/')
    .map((segment) => segment.split(';', 1)[0]!)
  if (segments.some((segment) => segment === '.' || segment === '..' || hasControl(segment))) return undefined
  return segments.map(encodeURIComponent).join('/')
}

/** Undefined for what is not encoded as URLs are, or more often than `DECODED_MAX`. */
function decoded(path: string): string | undefined {
  let text = path
  for (let n = 0; n <= DECODED_MAX; n++) {
    let next: string
    try {
      next = decodeURIComponent(text)
    } catch {
      // A percent sign that was decoded once is a percent sign.
      return n === 0 ? undefined : text
    }
    if (next === text) return text
    text = next
  }
  return undefined
}

function hasControl(text: string): boolean {
  return [...text].some((char) => char < ' ' || char === '\u007f')
}
