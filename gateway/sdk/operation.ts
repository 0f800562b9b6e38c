/** What a method of the client does, as the description of the API says it. `given`: headers of the answer, and the fields under which they are given. */
export type Operation = Readonly<{
  at: readonly [resource: string, method: string]
  verb: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  path: string
  body?: true
  query?: true
  /** It takes an Idempotency-Key: it may be sent again under the same one. */
  keyed?: true
  paged?: true
  /** Its answer is text, no JSON. */
  text?: true
  given?: Readonly<Record<string, string>>
}>

/** `deadlineMs`: for the call with all its repeats. A call that its `signal` ends throws `aborted`. */
export type CallOptions = Readonly<{ signal?: AbortSignal | undefined; deadlineMs?: number | undefined }>
/** `idempotencyKey`: your own name of the operation; without it one is made, and kept through all repeats. */
export type KeyedOptions = CallOptions & Readonly<{ idempotencyKey?: string | undefined }>

export type Query = Readonly<Record<string, unknown>>
