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

/** What was answered to a body that was sent. `body` is the beginning of the text. */
export type PostAnswer = Readonly<{ status: number; retryAfter: string | undefined; body: string }>

/** Sends bodies to URLs that strangers name: under the rules of `PublicHttp`, and no redirect is followed. Connections are kept for a while. */
export interface PublicPost {
  /** Throws `destination_forbidden` for what may not be called, and `destination_unreachable` for what does not answer in time. */
  post(url: URL, options: Readonly<{ headers: Readonly<Record<string, string>>; body: string }>): Promise<PostAnswer>
  /** Throws as `post` for what may not be called now; sends nothing. */
  check(url: URL): Promise<void>
  /** Ends all connections, also those on which an answer is waited for. */
  close(): void
}
