import type { Asset } from '../../../money/asset.ts'
import type { Answer, Ask } from '../ask.ts'
import type { Markup } from './markup.ts'

/** What a page is made from: whose eyes it is for, what was asked in its URL, and the API as that person's key sees it. */
export type View = Readonly<{
  ask: Ask
  /** The path parameter of a page about one thing. */
  id: string
  query: Readonly<Record<string, string>>
  operator: boolean
  /** The party's id, where it is one that looks. */
  party: string | undefined
  formToken: string
  /** A fresh Idempotency-Key for each form. */
  repeat: () => string
  assets: readonly Asset[]
}>

/** What stands inside the frame. `lead`: the question that it answers. */
export type Page = Readonly<{ title: string; lead: string; body: Markup }>

export type Money = Readonly<{ asset: string; amount: string; code?: string }>
export type Listed<T> = Readonly<{ data: readonly T[]; has_more?: boolean; next?: string | null }>
export type Problem = Readonly<{ title: string; detail: string; code: string }>

/** What came, or why it did not. The shapes are those of `gateway/api/contract/`, which tests hold the routes to. */
export type Got<T> = Readonly<{ found: T; problem?: undefined } | { found?: undefined; problem: Problem }>

function got<T>({ status, body }: Answer): Got<T> {
  if (status < 300) return { found: body as T } // As the contract has it.
  return { problem: body as Problem } // RFC 9457, as every refusal here.
}

export async function read<T>({ ask }: Pick<View, 'ask'>, path: string): Promise<Got<T>> {
  return got<T>(await ask.get(path))
}

/** A query of what is said only. */
export function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  const said = Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '')
  return said.length === 0 ? '' : `?${new URLSearchParams(said).toString()}`
}
