/** What each code means to the caller: HTTP status (RFC 9110), title, and what to do next unless the place that raises it says better. */
export type ErrorKind = Readonly<{ status: number; title: string; hint: string }>
