/** What each code means to the caller: HTTP status (RFC 9110), title, and what to do next unless the place that raises it says better. */
export type ErrorKind = Readonly<{ status: number; title: string; hint: string }>

/** One row a code. `docs/errors.md` has a heading for each; `test/tidy.test.ts` compares the two and the places that raise them. */
export const catalog = {
  // Input
  invalid_request: { status: 400, title: 'The request is not valid', hint: 'Correct the fields named in `errors` and send it again.' },
  invalid_amount: {
    status: 400,
    title: 'The amount is not valid',
    hint: 'Send a positive decimal string, such as "0.002", within the precision of its asset.',
  },
  unknown_asset: { status: 400, title: 'The asset is not known here', hint: 'Use one of the assets listed by GET /v1/rails.' },
  body_too_large: { status: 413, title: 'The body is too large', hint: 'Send at most 64 kB.' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported', hint: 'Send application/json.' },
  not_found: {
    status: 404,
    title: 'There is nothing under this id or path',
    hint: 'Check the id; lists are at the resource without an id.',
  },
  unauthorized: { status: 401, title: 'An API key is needed', hint: 'Send Authorization: Bearer sk_...; `npm start` prints one.' },
  forbidden: { status: 403, title: 'This key may not do that', hint: 'Use a key of the party concerned, or the operator key.' },
  too_busy: { status: 429, title: 'The queue is full', hint: 'Nothing was taken. Try again after the seconds in Retry-After.' },
  // Idempotency
  idempotency_key_missing: {
    status: 400,
    title: 'An Idempotency-Key is needed',
    hint: 'Send an Idempotency-Key header, 8 to 128 visible ASCII characters, new for each operation.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'This Idempotency-Key was used with another request',
    hint: 'Use a new key for a new request, or repeat the first request exactly.',
  },
  request_in_progress: {
    status: 409,
    title: 'The same request is still running',
    hint: 'Ask again after the seconds in Retry-After; it will not run twice.',
  },
  // Outcomes
  outcome_unknown: {
    status: 503,
    title: 'The outcome is not known yet',
    hint: 'Do not pay again. Repeat the same request: it is looked up, not repeated.',
  },
  insufficient_balance: {
    status: 402,
    title: 'The balance does not cover the amount',
    hint: 'Top up the balance, or pay by another offer.',
  },
  insufficient_liquidity: {
    status: 503,
    title: 'The gateway cannot convert this amount now',
    hint: 'Try a smaller amount or another rail; the operator has been told.',
  },
  rail_unavailable: { status: 503, title: 'The rail does not answer', hint: 'Nothing moved. Use another rail, or try again later.' },
  no_rail: {
    status: 422,
    title: 'No rail can serve this amount and destination',
    hint: 'The reasons of each rail are in `meta.candidates`.',
  },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof catalog
