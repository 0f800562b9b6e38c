/** What a server of somebody else answered. `url` is where the answer came from, after redirects; `body` is the whole text, bounded. */
export type PublicAnswer = Readonly<{ status: number; url: URL; body: string }>

/**
 * Fetches URLs that strangers name. Only public addresses are called, over TLS, also after a redirect; hosts that the operator has named are excepted.
 * The body and the time are bounded.
 */
export interface PublicHttp {
  /** True for a host (with its port) that the operator has named: it may be private and is spoken to in plain HTTP. */
  isLocal(host: string): boolean
  /** Throws `destination_forbidden` for what may not be called, and `destination_unreachable` for what does not answer in time or too much. */
  get(url: URL, options?: { signal?: AbortSignal }): Promise<PublicAnswer>
}
