import type { Query } from './operation.ts'

/** One page of a list; `next` is what `after` of the next one says. */
export type Page<T> = Readonly<{ data: readonly T[]; has_more?: boolean | undefined; next?: string | null | undefined }>

/** A list: awaited it is its first page, and `for await` goes through all of it, page by page, as they are needed. Nothing is asked before. */
export type Pages<T, P = Page<T>> = PromiseLike<P> & AsyncIterable<T>

/** The pages that `ask` answers, from what `query` says. */
export function pagesOf(query: Query, ask: (query: Query) => Promise<unknown>): Pages<unknown> {
  const pageAt = async (after: Query) => (await ask(Object.assign({}, query, after))) as Page<unknown> // What the API promises of a list.
  return {
    // biome-ignore lint/suspicious/noThenProperty: a list is awaited for its first page.
    then: (done, failed) => pageAt({}).then(done, failed),
    async *[Symbol.asyncIterator]() {
      let after: Query = {}
      for (;;) {
        const { data, has_more: more, next } = await pageAt(after)
        yield* data
        // A list that does not go on from where it stands would never end.
        if (more === false || !next || next === after.after || data.length === 0) return
        after = { after: next }
      }
    },
  }
}
